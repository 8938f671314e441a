#include "framework/autograd/gradcheck.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "framework/autograd/tape.hpp"
#include "framework/tensor/generator.hpp"

namespace gridstride::autograd {
namespace {

double dot(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i]) * b[i];
  return sum;
}

}  // namespace

std::string gradcheck(const std::function<Tensor(const std::vector<Tensor>&)>& f, std::vector<Tensor> inputs,
                      const GradcheckOptions& options) {
  const Generator::State random = default_generator().state();
  const auto call = [&] {
    default_generator().set_state(random);
    return f(inputs);
  };

  for (const Tensor& input : inputs) input.set_grad({});
  const Tensor y = call();
  std::vector<float> cotangent(static_cast<std::size_t>(y.numel()));
  Generator(static_cast<int64_t>(options.seed)).uniform(cotangent, -1, 1);
  backward(y, Tensor::from_host(y.shape(), cotangent));

  const NoGrad guard;
  double worst = 0;
  std::string report;
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    Tensor& x = inputs[k];
    if (!x.requires_grad()) continue;
    const std::vector<float> at = x.to_host();
    const std::vector<float> tape = x.grad().defined() ? x.grad().to_host() : std::vector<float>(at.size());
    const int64_t stride = std::max<int64_t>(1, x.numel() / options.most_elems);
    for (int64_t e = 0; e < x.numel(); e += stride) {
      const auto i = static_cast<std::size_t>(e);
      std::vector<float> moved = at;
      moved[i] = at[i] + static_cast<float>(options.eps);
      const double up = moved[i];
      x.copy_from_host(moved);
      const double above = dot(call().to_host(), cotangent);
      moved[i] = at[i] - static_cast<float>(options.eps);
      const double width = up - moved[i];
      x.copy_from_host(moved);
      const double below = dot(call().to_host(), cotangent);

      const double slope = (above - below) / width;
      const double excess = std::abs(tape[i] - slope) / (options.abs + options.rel * std::abs(slope));
      if (!(excess <= 1) && !(excess <= worst)) {
        worst = excess;
        std::ostringstream line;
        line << "input " << k << " of shape " << to_string(x.shape()) << ", element " << e
             << ": the tape says " << tape[i] << ", differences say " << slope;
        report = line.str();
      }
    }
    x.copy_from_host(at);
  }
  return report;
}

}  // namespace gridstride::autograd
