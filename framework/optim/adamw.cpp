#include "framework/optim/adamw.hpp"

#include "framework/tensor/stream.hpp"
#include "kernels/adamw/adamw.hpp"
#include "kernels/core/dispatch.hpp"

namespace gridstride::optim {

AdamW::AdamW(std::vector<nn::NamedTensor> parameters, AdamWOptions options)
    : Optimizer(std::move(parameters)), options_(options), m_(make_state("m")), v_(make_state("v")) {}

void AdamW::update(std::size_t i, Tensor& parameter, const Tensor& grad, double lr) {
  run<gridstride::AdamW>({.n = parameter.numel(),
                          .lr = static_cast<float>(lr),
                          .beta1 = static_cast<float>(options_.beta1),
                          .beta2 = static_cast<float>(options_.beta2),
                          .eps = static_cast<float>(options_.eps),
                          .weight_decay = static_cast<float>(options_.weight_decay),
                          .step = steps(),
                          .grad = grad.data(),
                          .param = parameter.data(),
                          .m = m_[i].data(),
                          .v = v_[i].data()},
                         current_stream());
}

}  // namespace gridstride::optim
