#include "kernels/core/dispatch.hpp"

#include <stdexcept>

namespace gridstride {
namespace {

std::map<std::string, std::string, std::less<>>& forced() {
  static std::map<std::string, std::string, std::less<>> by_op;
  return by_op;
}

}  // namespace

void force_variants(std::string_view list) {
  while (!list.empty()) {
    const std::string_view item = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), item.size() + 1));
    const auto equals = item.find('=');
    if (equals == std::string_view::npos) {
      throw std::invalid_argument("--kernels wants op=variant[,op=variant...], got '" + std::string(item) +
                                  "'");
    }
    const AnyOperation& op = find_operation(item.substr(0, equals));
    const VariantInfo variant = find_variant(op, item.substr(equals + 1));
    if (!variant.built) {
      throw std::invalid_argument("--kernels " + std::string(item) + ": that variant needs " +
                                  std::string(variant.needs));
    }
    forced()[std::string(op.name())] = variant.name;
  }
}

std::string_view forced_variant(std::string_view op) {
  const auto found = forced().find(op);
  return found == forced().end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace gridstride
