#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernels/core/operation.hpp"
#include "kernels/core/variant.hpp"

namespace gridstride {

/// What the registry shows of a variant to those who do not know its operation's type.
struct VariantInfo {
  std::string_view name, idea, needs;
  bool library = false;
  bool deterministic = true;
  bool built = false;
  std::vector<std::string_view> suffers = {}, cures = {};
};

/// Arguments of some operation, with their pointers still unbound. Owns the Args that its schema refers to.
class Problem {
 public:
  virtual ~Problem() = default;
  virtual Schema schema() = 0;  ///< call again after a field was set: operand sizes follow
  virtual void check() const = 0;
  virtual Cost cost() const = 0;
  virtual Tolerance tolerance() const = 0;
  virtual void reference() const = 0;  ///< operands bound to host memory
  virtual void launch(std::string_view variant, cudaStream_t stream) const = 0;  ///< bound to device memory
  virtual std::string why_not(std::string_view variant) const = 0;               ///< empty: it can run
  virtual std::string_view policy() const = 0;  ///< what the framework would run
  virtual std::unique_ptr<Problem> clone() const = 0;
  std::string label();  ///< "m=512 n=512 k=512 ..."
};

/// An operation without its type: the door for tests, benchmark, profiler and command line.
class AnyOperation {
 public:
  virtual ~AnyOperation() = default;
  virtual std::string_view name() const = 0;
  virtual std::string_view title() const = 0;
  virtual std::vector<VariantInfo> variants() const = 0;  ///< in the order of their names
  virtual std::vector<std::unique_ptr<Problem>> cases() const = 0;
  virtual std::unique_ptr<Problem> bench_problem(Device device) const = 0;
};

/// All operations, in the order of their names. Static initialization fills it.
std::vector<const AnyOperation*> operations();
/// Throws std::invalid_argument with the nearest names when there is none.
const AnyOperation& find_operation(std::string_view name);
/// Throws std::invalid_argument likewise. `name` may be a unique prefix ("03").
VariantInfo find_variant(const AnyOperation& op, std::string_view name);

/// "did you mean ...": the candidates close to a mistyped word, ready to append to an error; may be empty.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

namespace detail {

void add_operation(std::unique_ptr<AnyOperation> op);

template <Operation Op>
const Variant<Op>& variant_named(std::string_view name) {
  for (const auto& v : variants<Op>()) {
    if (v.name == name) return v;
  }
  throw std::invalid_argument("[" + std::string(Op::kName) + "] no variant '" + std::string(name) + "'");
}

template <Operation Op>
class TypedProblem final : public Problem {
 public:
  explicit TypedProblem(typename Op::Args args) : args_(std::move(args)) {}
  Schema schema() override { return Op::describe(args_); }
  void check() const override { Op::check(args_); }
  Cost cost() const override { return Op::cost(args_); }
  Tolerance tolerance() const override { return Op::tolerance(args_); }
  void reference() const override { Op::reference(args_); }
  void launch(std::string_view variant, cudaStream_t stream) const override {
    Op::check(args_);
    variant_named<Op>(variant).launch(args_, stream);
  }
  std::string why_not(std::string_view variant) const override {
    return variant_named<Op>(variant).why_not(args_);
  }
  std::string_view policy() const override { return Op::policy(args_, device()); }
  std::unique_ptr<Problem> clone() const override { return std::make_unique<TypedProblem>(args_); }

 private:
  typename Op::Args args_;
};

template <Operation Op>
class TypedOperation final : public AnyOperation {
 public:
  std::string_view name() const override { return Op::kName; }
  std::string_view title() const override { return Op::kTitle; }
  std::vector<VariantInfo> variants() const override {
    std::vector<VariantInfo> infos;
    for (const auto& v : detail::variants<Op>()) {
      infos.push_back(
          {v.name, v.idea, v.needs, v.library, v.deterministic, v.launch != nullptr, v.suffers, v.cures});
    }
    std::ranges::sort(infos, {}, &VariantInfo::name);
    return infos;
  }
  std::vector<std::unique_ptr<Problem>> cases() const override {
    std::vector<std::unique_ptr<Problem>> problems;
    for (auto& args : Op::cases()) problems.push_back(std::make_unique<TypedProblem<Op>>(std::move(args)));
    return problems;
  }
  std::unique_ptr<Problem> bench_problem(Device device) const override {
    return std::make_unique<TypedProblem<Op>>(Op::bench_args(device));
  }
};

template <Operation Op>
struct RegisterOperation {
  RegisterOperation() { add_operation(std::make_unique<TypedOperation<Op>>()); }
};

}  // namespace detail
}  // namespace gridstride

/// At the end of `kernels/<op>/reference.cpp`.
#define GRIDSTRIDE_OPERATION(Op) static const ::gridstride::detail::RegisterOperation<Op> registration
