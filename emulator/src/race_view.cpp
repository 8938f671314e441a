#include "race_view.hpp"

#include <algorithm>

namespace gridstride::emulator {

bool View::knows(std::uint64_t who, std::uint32_t time) const {
  const auto at = std::lower_bound(known_.begin(), known_.end(), who,
                                   [](const Known& known, std::uint64_t name) { return known.who < name; });
  return at != known_.end() && at->who == who && time <= at->time;
}

bool View::covers(const View& other) const {
  auto i = known_.begin();
  for (const Known& known : other.known_) {
    while (i != known_.end() && i->who < known.who) ++i;
    if (i == known_.end() || i->who != known.who || i->time < known.time) return false;
  }
  return true;
}

ViewPtr merged(const ViewPtr& a, const ViewPtr& b) {
  if (a == nullptr || a == b) return b;
  if (b == nullptr) return a;
  if (a->covers(*b)) return a;
  if (b->covers(*a)) return b;
  auto out = std::make_shared<View>();
  out->known_.reserve(a->known_.size() + b->known_.size());
  auto i = a->known_.begin(), j = b->known_.begin();
  while (i != a->known_.end() || j != b->known_.end()) {
    if (j == b->known_.end() || (i != a->known_.end() && i->who < j->who)) {
      out->known_.push_back(*i++);
    } else if (i == a->known_.end() || j->who < i->who) {
      out->known_.push_back(*j++);
    } else {
      out->known_.push_back({i->who, std::max(i->time, j->time)});
      ++i, ++j;
    }
  }
  return out;
}

}  // namespace gridstride::emulator
