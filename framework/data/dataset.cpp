#include "framework/data/dataset.hpp"

#include <algorithm>

namespace gridstride::data {

Dataset Dataset::first(int64_t n) const {
  Dataset part{name, synthetic, std::clamp<int64_t>(n, 0, count), channels, height, width, classes, {}, {}};
  part.images.assign(images.begin(), images.begin() + part.count * image_elems());
  part.labels.assign(labels.begin(), labels.begin() + part.count);
  return part;
}

}  // namespace gridstride::data
