#if GRIDSTRIDE_HAS_CUDNN
#include "kernels/conv2d/cudnn_plan.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <memory>
#include <optional>

#include "kernels/conv2d/cudnn_descriptor.hpp"
#include "kernels/core/buffer.hpp"
#include "kernels/core/stream.hpp"

namespace gridstride::conv {
namespace {

constexpr std::size_t kMostPlans = 12;  // the heuristics put the promising ones first
constexpr int64_t kX = 1, kW = 2, kY = 3;

CudnnDescriptor tensor(int64_t id, const std::array<int64_t, 4>& dims, int64_t alignment) {
  const cudnnDataType_t type = CUDNN_DATA_FLOAT;
  CudnnDescriptor t(CUDNN_BACKEND_TENSOR_DESCRIPTOR);
  t.set(CUDNN_ATTR_TENSOR_UNIQUE_ID, id);
  t.set(CUDNN_ATTR_TENSOR_DATA_TYPE, CUDNN_TYPE_DATA_TYPE, 1, &type);
  t.set(CUDNN_ATTR_TENSOR_DIMENSIONS, {dims[0], dims[1], dims[2], dims[3]});
  t.set(CUDNN_ATTR_TENSOR_STRIDES, {dims[1] * dims[2] * dims[3], dims[2] * dims[3], dims[3], 1});
  t.set(CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT, alignment);
  t.finalize("cuDNN tensor");
  return t;
}

CudnnDescriptor convolution(const Conv2dShape& shape) {
  const cudnnDataType_t type = CUDNN_DATA_FLOAT;
  const cudnnConvolutionMode_t mode = CUDNN_CROSS_CORRELATION;
  CudnnDescriptor c(CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR);
  c.set(CUDNN_ATTR_CONVOLUTION_COMP_TYPE, CUDNN_TYPE_DATA_TYPE, 1, &type);
  c.set(CUDNN_ATTR_CONVOLUTION_CONV_MODE, CUDNN_TYPE_CONVOLUTION_MODE, 1, &mode);
  c.set(CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS, int64_t{2});
  c.set(CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS, {shape.pad_h, shape.pad_w});
  c.set(CUDNN_ATTR_CONVOLUTION_POST_PADDINGS, {shape.pad_h, shape.pad_w});
  c.set(CUDNN_ATTR_CONVOLUTION_DILATIONS, {1, 1});
  c.set(CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES, {shape.stride_h, shape.stride_w});
  c.finalize("cuDNN convolution");
  return c;
}

/// How each pass calls its operation and that operation's attributes.
struct Names {
  cudnnBackendDescriptorType_t operation;
  cudnnBackendAttributeName_t x, w, y, convolution, alpha, beta;
};
Names names_of(Pass pass) {
  switch (pass) {
    case Pass::forward:
      return {CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR,
              CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X,
              CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W,
              CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y,
              CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC,
              CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_ALPHA,
              CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_BETA};
    case Pass::data:
      return {CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR,
              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX,
              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_W,
              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DY,
              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_CONV_DESC,
              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_ALPHA,
              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_BETA};
    case Pass::filter:
      break;
  }
  return {CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_FILTER_DESCRIPTOR,
          CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_X,
          CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DW,
          CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DY,
          CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_CONV_DESC,
          CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_ALPHA,
          CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_BETA};
}

/// Whether an engine computes in fp32: no TF32, and no transform so large that it costs digits.
bool keeps_fp32(const CudnnDescriptor& config) {
  for (const auto& engine : config.list(CUDNN_ATTR_ENGINECFG_ENGINE, CUDNN_BACKEND_ENGINE_DESCRIPTOR)) {
    std::array<cudnnBackendNumericalNote_t, CUDNN_NUMERICAL_NOTE_TYPE_COUNT> notes{};
    int64_t count = 0;
    check_cudnn(cudnnBackendGetAttribute(engine.get(), CUDNN_ATTR_ENGINE_NUMERICAL_NOTE,
                                         CUDNN_TYPE_NUMERICAL_NOTE, notes.size(), &count, notes.data()),
                "cuDNN engine's notes");
    for (const auto note :
         {CUDNN_NUMERICAL_NOTE_TENSOR_CORE, CUDNN_NUMERICAL_NOTE_DOWN_CONVERT_INPUTS,
          CUDNN_NUMERICAL_NOTE_REDUCED_PRECISION_REDUCTION, CUDNN_NUMERICAL_NOTE_FFT,
          CUDNN_NUMERICAL_NOTE_WINOGRAD_TILE_6x6, CUDNN_NUMERICAL_NOTE_WINOGRAD_TILE_13x13}) {
      if (std::find(notes.begin(), notes.begin() + count, note) != notes.begin() + count) return false;
    }
  }
  return true;
}

/// A convolution that cuDNN has understood, and the plans it can be carried out by.
class Graph {
 public:
  Graph(Pass pass, const Conv2dShape& shape, int64_t alignment)
      : x_(tensor(kX, {shape.n, shape.c, shape.h, shape.w}, alignment)),
        w_(tensor(kW, {shape.k, shape.c, shape.r, shape.s}, alignment)),
        y_(tensor(kY, {shape.n, shape.k, shape.p(), shape.q()}, alignment)),
        convolution_(conv::convolution(shape)),
        operation_(names_of(pass).operation),
        graph_(CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR) {
    const Names names = names_of(pass);
    operation_.set(names.x, x_).set(names.w, w_).set(names.y, y_).set(names.convolution, convolution_);
    operation_.set(names.alpha, 1.0f).set(names.beta, 0.0f);
    operation_.finalize("cuDNN operation");
    graph_.set(CUDNN_ATTR_OPERATIONGRAPH_OPS, operation_);
#if CUDNN_VERSION < 90800  // later ones take the handle at execution only
    cudnnHandle_t handle = Cudnn::on(nullptr);
    graph_.set(CUDNN_ATTR_OPERATIONGRAPH_HANDLE, CUDNN_TYPE_HANDLE, 1, &handle);
#endif
    graph_.finalize("cuDNN graph");
  }

  /// Ask the heuristics, then those that find a plan for nearly everything.
  void find_plans() {
    for (const cudnnBackendHeurMode_t mode : {CUDNN_HEUR_MODE_A, CUDNN_HEUR_MODE_FALLBACK}) {
      CudnnDescriptor heuristics(CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR);
      heuristics.set(CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH, graph_);
      heuristics.set(CUDNN_ATTR_ENGINEHEUR_MODE, CUDNN_TYPE_HEUR_MODE, 1, &mode);
      heuristics.finalize("cuDNN heuristics");
      for (auto& config :
           heuristics.list(CUDNN_ATTR_ENGINEHEUR_RESULTS, CUDNN_BACKEND_ENGINECFG_DESCRIPTOR)) {
        if (plans_.size() == kMostPlans) return;
        if (keeps_fp32(config)) add_plan(std::move(config));
      }
    }
  }

  bool has_plan() const { return !plans_.empty(); }

  void run(const float* x, const float* w, const float* y, cudaStream_t stream) {
    if (!best_) best_ = fastest(x, w, y, stream);
    execute(plans_[*best_], x, w, y, stream);
  }

 private:
  struct Plan {
    CudnnDescriptor config, plan;
    int64_t workspace_bytes = 0;
  };

  void add_plan(CudnnDescriptor config) {
    CudnnDescriptor plan(CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR);
#if CUDNN_VERSION < 90800
    cudnnHandle_t handle = Cudnn::on(nullptr);
    plan.set(CUDNN_ATTR_EXECUTION_PLAN_HANDLE, CUDNN_TYPE_HANDLE, 1, &handle);
#endif
    plan.set(CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG, config);
    if (cudnnBackendFinalize(plan.get()) != CUDNN_STATUS_SUCCESS) return;  // proposed, but not for this shape
    int64_t bytes = 0, count = 0;
    check_cudnn(cudnnBackendGetAttribute(plan.get(), CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE,
                                         CUDNN_TYPE_INT64, 1, &count, &bytes),
                "cuDNN plan's workspace");
    plans_.push_back({std::move(config), std::move(plan), bytes});
  }

  void execute(const Plan& plan, const float* x, const float* w, const float* y, cudaStream_t stream) const {
    DeviceBuffer<char> workspace(plan.workspace_bytes, stream);
    const std::array<const void*, 3> pointers{x, w, y};
    const std::array<int64_t, 3> ids{kX, kW, kY};
    const void* workspace_data = workspace.data();
    CudnnDescriptor pack(CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR);
    pack.set(CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, CUDNN_TYPE_INT64, 3, ids.data());
    pack.set(CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS, CUDNN_TYPE_VOID_PTR, 3, pointers.data());
    pack.set(CUDNN_ATTR_VARIANT_PACK_WORKSPACE, CUDNN_TYPE_VOID_PTR, 1, &workspace_data);
    pack.finalize("cuDNN variant pack");
    check_cudnn(cudnnBackendExecute(Cudnn::on(stream), plan.plan.get(), pack.get()), "cudnnBackendExecute");
  }

  std::size_t fastest(const float* x, const float* w, const float* y, cudaStream_t stream) const {
    constexpr int kRuns = 3;
    std::size_t best = plans_.size();
    float best_ms = std::numeric_limits<float>::infinity();
    for (std::size_t i = 0; i < plans_.size(); ++i) {
      try {
        execute(plans_[i], x, w, y, stream);
        Event start, stop;
        start.record(stream);
        for (int run = 0; run < kRuns; ++run) execute(plans_[i], x, w, y, stream);
        stop.record(stream);
        stop.synchronize();
        if (const float ms = stop.ms_since(start); ms < best_ms) best_ms = ms, best = i;
      } catch (const std::runtime_error&) {
        continue;  // a plan may still refuse when it is run; another one takes its place
      }
    }
    if (best == plans_.size()) throw std::runtime_error("cuDNN: none of its plans ran");
    return best;
  }

  CudnnDescriptor x_, w_, y_, convolution_, operation_, graph_;
  std::vector<Plan> plans_;
  std::optional<std::size_t> best_;
};

/// The graphs of this thread, by pass, shape and alignment.
Graph& graph_for(Pass pass, const Conv2dShape& s, int64_t alignment) {
  using Key = std::array<int64_t, 13>;
  thread_local std::map<Key, std::unique_ptr<Graph>> graphs;
  const Key key{static_cast<int64_t>(pass),
                alignment,
                s.n,
                s.c,
                s.h,
                s.w,
                s.k,
                s.r,
                s.s,
                s.stride_h,
                s.stride_w,
                s.pad_h,
                s.pad_w};
  std::unique_ptr<Graph>& slot = graphs[key];
  if (!slot) {
    auto graph = std::make_unique<Graph>(pass, s, alignment);
    graph->find_plans();
    slot = std::move(graph);
  }
  return *slot;
}

int64_t common_alignment(const float* x, const float* w, const float* y) {
  const auto bits = reinterpret_cast<std::uintptr_t>(x) | reinterpret_cast<std::uintptr_t>(w) |
                    reinterpret_cast<std::uintptr_t>(y);
  return bits % 16 == 0 ? 16 : 4;
}

}  // namespace

void run_cudnn(Pass pass, const Conv2dShape& shape, const float* x, const float* w, const float* y,
               cudaStream_t stream) {
  Graph& graph = graph_for(pass, shape, common_alignment(x, w, y));
  if (!graph.has_plan()) throw std::runtime_error("cuDNN has no fp32 plan for this convolution");
  graph.run(x, w, y, stream);
}

std::string why_not_cudnn(Pass pass, const Conv2dShape& shape) {
  if (shape.x_elems() == 0 || shape.w_elems() == 0 || shape.y_elems() == 0) return {};  // not cuDNN's work
  try {
    return graph_for(pass, shape, 16).has_plan() ? "" : "cuDNN has no fp32 plan for this convolution";
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

}  // namespace gridstride::conv
#endif
