#include "race_view.hpp"

#include <algorithm>

namespace gridstride::emulator {

bool View::knows(std::uint64_t who, std::uint32_t time) const {
  const auto at = std::lower_bound(known_.begin(), known_.end(), who,
                                   [](const Known& known, std::uint64_t name) { return known.who < name; });
  return at != known_.end() && at->who == who && time <= at->time;
}

ViewPtr merged(const ViewPtr& a, const ViewPtr& b) {
  if (a == nullptr || a == b) return b;
  if (b == nullptr) return a;
  auto out = std::make_shared<View>();
  out->known_.reserve(a->known_.size() + b->known_.size());
  auto i = a->known_.begin(), j = b->known_.begin();
  bool adds_a = false, adds_b = false;  // whether the one knows more than the other
  while (i != a->known_.end() || j != b->known_.end()) {
    if (j == b->known_.end() || (i != a->known_.end() && i->who < j->who)) {
      out->known_.push_back(*i++);
      adds_a = true;
    } else if (i == a->known_.end() || j->who < i->who) {
      out->known_.push_back(*j++);
      adds_b = true;
    } else {
      adds_a |= i->time > j->time;
      adds_b |= j->time > i->time;
      out->known_.push_back({i->who, std::max(i->time, j->time)});
      ++i, ++j;
    }
  }
  return !adds_b ? a : !adds_a ? b : out;
}

}  // namespace gridstride::emulator
