#pragma once

#include <cstdint>
#include <span>

namespace gridstride {

/// A source of randomness whose whole state is two numbers: every use takes the next offset, and what is
/// drawn depends on (seed, offset, index) alone. Saving the state is therefore saving the two numbers.
class Generator {
 public:
  struct State {
    int64_t seed = 0;
    int64_t offset = 0;
    bool operator==(const State&) const = default;
  };

  explicit Generator(int64_t seed = 0) : state_{seed, 0} {}

  const State& state() const { return state_; }
  void set_state(State state) { state_ = state; }

  /// Reserve one offset, for a kernel that draws on the device.
  State next() { return {state_.seed, state_.offset++}; }

  /// Fill with uniform numbers in [low, high), on the host; takes one offset.
  void uniform(std::span<float> out, float low, float high);

 private:
  State state_;
};

/// The generator that initializers and dropout draw from.
Generator& default_generator();

/// Restart the default generator, as torch::manual_seed does.
void manual_seed(int64_t seed);

}  // namespace gridstride
