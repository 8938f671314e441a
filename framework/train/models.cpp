#include "framework/nn/conv2d.hpp"
#include "framework/nn/layers.hpp"
#include "framework/nn/linear.hpp"
#include "framework/nn/sequential.hpp"
#include "framework/train/recipe.hpp"
#include "framework/train/word_list.hpp"

namespace gridstride::train {
namespace {

using namespace nn;

/// 784 - 128 - 10 with dropout 0.2.
std::unique_ptr<Module> mlp() {
  return std::make_unique<Sequential>(
      Sequential{Flatten(), Linear(28 * 28, 128), ReLU(), Dropout(0.2f), Linear(128, 10)});
}

// [cnn]
/// conv32 - pool - conv64 - pool - dense128 - 10. Rectifying behind the pool gives what rectifying before it
/// does, since both are monotonic, for a quarter of the elements.
std::unique_ptr<Module> cnn() {
  return std::make_unique<Sequential>(Sequential{
      // (N,  1, 28, 28)
      Conv2d(1, 32, 3), MaxPool2d(2), ReLU(),              // (N, 32, 13, 13)
      Conv2d(32, 64, 3), MaxPool2d(2), ReLU(), Flatten(),  // (N, 64 * 5 * 5)
      Linear(64 * 5 * 5, 128), ReLU(), Dropout(0.25f), Linear(128, 10)});
}
// [cnn]

}  // namespace

std::vector<std::string> model_names() { return {"cnn", "mlp"}; }

std::unique_ptr<nn::Module> make_model(std::string_view name) {
  require_word("model", name, model_names());
  return name == "mlp" ? mlp() : cnn();
}

}  // namespace gridstride::train
