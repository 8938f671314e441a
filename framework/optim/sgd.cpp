#include "framework/optim/sgd.hpp"

#include "framework/tensor/stream.hpp"
#include "kernels/core/dispatch.hpp"
#include "kernels/sgd/sgd.hpp"

namespace gridstride::optim {

SGD::SGD(std::vector<nn::NamedTensor> parameters, SGDOptions options)
    : Optimizer(std::move(parameters)), options_(options) {
  if (options_.momentum != 0) velocity_ = make_state("velocity");
}

void SGD::update(std::size_t i, Tensor& parameter, const Tensor& grad, double lr) {
  run<Sgd>({.n = parameter.numel(),
            .lr = static_cast<float>(lr),
            .momentum = static_cast<float>(options_.momentum),
            .weight_decay = static_cast<float>(options_.weight_decay),
            .nesterov = options_.nesterov,
            .grad = grad.data(),
            .param = parameter.data(),
            .velocity = velocity_.empty() ? nullptr : velocity_[i].data()},
           current_stream());
}

}  // namespace gridstride::optim
