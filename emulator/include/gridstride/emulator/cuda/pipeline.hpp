/// `cuda::pipeline`: a ring of stages that producers fill and consumers empty.
#pragma once

#include <cstdint>

#include "gridstride/emulator/cuda/memcpy_async.hpp"

namespace gridstride::emulator::detail {

/// How often a stage was filled and emptied.
struct PipelineStage {
  Phases<NoCompletion> filled, emptied;
};

}  // namespace gridstride::emulator::detail

namespace cuda {

enum class pipeline_role { producer, consumer };

/// What the threads of a pipeline share. It lives in shared memory, which make_pipeline() prepares.
template <thread_scope Scope, ::std::uint8_t Stages>
struct pipeline_shared_state {
  atomic<unsigned> producers, consumers;
  gridstride::emulator::detail::PipelineStage stages[Stages];
};

/// A thread's end of a pipeline. One of a single thread has nobody to wait for.
template <thread_scope Scope>
class pipeline {
 public:
  using Stage = gridstride::emulator::detail::PipelineStage;

  pipeline() = default;
  pipeline(Stage* stages, unsigned count, bool produces, bool consumes)
      : stages_(stages), count_(count), produces_(produces), consumes_(consumes) {}
  pipeline(pipeline&&) = default;
  pipeline(const pipeline&) = delete;
  pipeline& operator=(const pipeline&) = delete;

  /// Until the next stage is empty.
  void producer_acquire() {
    if (stages_ && head_ >= count_) stage(head_).emptied.wait(head_ / count_ - 1);
  }
  void producer_commit() {
    if (stages_) stage(head_).filled.arrive(1);
    ++head_;
  }
  /// Until the oldest stage is full.
  void consumer_wait() {
    if (stages_) stage(tail_).filled.wait(tail_ / count_);
  }
  void consumer_release() {
    if (stages_) stage(tail_).emptied.arrive(1);
    ++tail_;
  }

  /// The others go on without this thread.
  bool quit() {
    for (unsigned i = 0; stages_ && i < count_; ++i) {
      if (produces_) stages_[i].filled.drop();
      if (consumes_) stages_[i].emptied.drop();
    }
    stages_ = nullptr;
    return true;
  }

  /// Until all but the last `left` stages that this thread committed are full.
  void consumer_wait_prior(unsigned left) {
    for (unsigned i = tail_; stages_ && i + left < head_; ++i) stage(i).filled.wait(i / count_);
  }

 private:
  Stage& stage(unsigned number) { return stages_[number % count_]; }

  Stage* stages_ = nullptr;
  unsigned count_ = 1, head_ = 0, tail_ = 0;
  bool produces_ = true, consumes_ = true;
};

inline pipeline<thread_scope_thread> make_pipeline() { return {}; }

}  // namespace cuda

namespace gridstride::emulator::detail {

/// Every thread of the group calls it.
template <class Group, cuda::thread_scope Scope, std::uint8_t Stages>
cuda::pipeline<Scope> join_pipeline(const Group& group, cuda::pipeline_shared_state<Scope, Stages>* shared,
                                    bool produces, bool consumes) {
  const bool first = group.thread_rank() == 0;
  if (first) shared->producers = 0, shared->consumers = 0;
  group.sync();
  if (produces) ++shared->producers;
  if (consumes) ++shared->consumers;
  group.sync();
  for (auto& stage : shared->stages) {
    if (!first) break;
    stage.filled.start(shared->producers, {});
    stage.emptied.start(shared->consumers, {});
  }
  group.sync();
  return {shared->stages, Stages, produces, consumes};
}

}  // namespace gridstride::emulator::detail

namespace cuda {

template <class Group, thread_scope Scope, ::std::uint8_t Stages>
pipeline<Scope> make_pipeline(const Group& group, pipeline_shared_state<Scope, Stages>* shared) {
  return gridstride::emulator::detail::join_pipeline(group, shared, true, true);
}
/// The first threads of the group are producers, the others consumers.
template <class Group, thread_scope Scope, ::std::uint8_t Stages>
pipeline<Scope> make_pipeline(const Group& group, pipeline_shared_state<Scope, Stages>* shared,
                              ::std::size_t producers) {
  const bool produces = group.thread_rank() < producers;
  return gridstride::emulator::detail::join_pipeline(group, shared, produces, !produces);
}
template <class Group, thread_scope Scope, ::std::uint8_t Stages>
pipeline<Scope> make_pipeline(const Group& group, pipeline_shared_state<Scope, Stages>* shared,
                              pipeline_role role) {
  const bool produces = role == pipeline_role::producer;
  return gridstride::emulator::detail::join_pipeline(group, shared, produces, !produces);
}

template <thread_scope Scope>
void memcpy_async(void* target, const void* source, ::std::size_t bytes, pipeline<Scope>&) {
  ::std::memcpy(target, source, bytes);
}
template <class Group, thread_scope Scope>
void memcpy_async(const Group& group, void* target, const void* source, ::std::size_t bytes,
                  pipeline<Scope>&) {
  gridstride::emulator::detail::copy_together(group, target, source, bytes);
}

template <unsigned Left, thread_scope Scope>
void pipeline_consumer_wait_prior(pipeline<Scope>& pipe) {
  pipe.consumer_wait_prior(Left);
}

}  // namespace cuda
