#include "settings.hpp"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string_view>
#include <thread>

#include "gpus.hpp"
#include "gridstride/emulator/profile.hpp"

namespace gridstride::emulator {
namespace {

[[noreturn]] void refuse(const char* variable, std::string_view value, const char* wanted) {
  std::fprintf(stderr, "gridstride: %s=%.*s: give %s\n", variable, static_cast<int>(value.size()),
               value.data(), wanted);
  std::fflush(nullptr);
  std::_Exit(2);  // on whatever thread this is: others may wait for it
}

bool parse(std::string_view text, std::uint64_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

std::uint64_t number_from_environment(const char* variable, std::uint64_t fallback, std::uint64_t least,
                                      std::uint64_t most, const char* wanted) {
  const char* text = std::getenv(variable);
  if (text == nullptr || *text == '\0') return fallback;
  std::uint64_t value = 0;
  if (!parse(text, value) || value < least || value > most) refuse(variable, text, wanted);
  return value;
}

Schedule schedule_from_environment() {
  const char* text = std::getenv("GRIDSTRIDE_SCHEDULE");
  if (text == nullptr || *text == '\0') return {};
  const std::string_view value = text;
  if (value == "forward") return {};
  if (value == "reversed") return {Order::Reversed, 0};
  if (value == "lockstep") return {.lockstep = true};
  if (value == "random") return {Order::Random, 0};
  Schedule schedule{Order::Random, 0};
  constexpr std::string_view kPrefix = "random:";
  if (!value.starts_with(kPrefix) || !parse(value.substr(kPrefix.size()), schedule.seed)) {
    refuse("GRIDSTRIDE_SCHEDULE", value, "forward, reversed, random, random:SEED or lockstep");
  }
  return schedule;
}

struct CurrentSchedule {
  std::mutex mutex;
  Schedule value = schedule_from_environment();
};

CurrentSchedule& current_schedule() {
  static auto* current = new CurrentSchedule;  // outlives the executors, which run until the process ends
  return *current;
}

// An instrumented build's frames are several times larger.
#if defined(__SANITIZE_ADDRESS__)
constexpr std::size_t kDefaultStackKb = 1024;
#else
constexpr std::size_t kDefaultStackKb = 256;
#endif

std::atomic<std::size_t>& current_stack_bytes() {
  static std::atomic<std::size_t> bytes{1024 * number_from_environment("GRIDSTRIDE_STACK_KB", kDefaultStackKb,
                                                                       16, 1u << 20,
                                                                       "a stack size of 16 to 1048576 KiB")};
  return bytes;
}

}  // namespace

Schedule schedule() {
  CurrentSchedule& current = current_schedule();
  const std::scoped_lock lock(current.mutex);
  return current.value;
}

void set_schedule(Schedule schedule) {
  CurrentSchedule& current = current_schedule();
  const std::scoped_lock lock(current.mutex);
  current.value = schedule;
}

unsigned workers() {
  static const unsigned count = static_cast<unsigned>(
      number_from_environment("GRIDSTRIDE_WORKERS", std::max(1u, std::thread::hardware_concurrency()), 1,
                              1024, "a number of 1 to 1024"));
  return count;
}

int exit_status_of_reports() {
  static const int status = static_cast<int>(
      number_from_environment("GRIDSTRIDE_CHECK_EXIT", 0, 0, 255, "an exit status of 0 to 255"));
  return status;
}

bool checking() {
  static const bool is_on = [] {
    exit_status_of_reports();  // refused before anything is launched: the program can still end in order
    return checking_races() || number_from_environment("GRIDSTRIDE_CHECK", 0, 0, 1, "0, 1 or races") == 1;
  }();
  return is_on;
}

bool checking_races() {
  static const bool is_on = [] {
    const char* text = std::getenv("GRIDSTRIDE_CHECK");
    return text != nullptr && std::string_view(text) == "races";
  }();
  return is_on;
}

void check_settings() {
  schedule();
  workers();
  checking();
  exit_status_of_reports();
  registers_per_thread();
  profile_blocks();
  stack_bytes();
  gpu();
}

std::string profile_file() {
  const char* text = std::getenv("GRIDSTRIDE_PROFILE");
  const std::string_view file = text == nullptr ? "" : text;
  const bool is_known = file.ends_with(".json") || file.ends_with(".csv") || file.ends_with(".html");
  if (!file.empty() && !is_known) refuse("GRIDSTRIDE_PROFILE", file, "FILE.json, FILE.csv or FILE.html");
  return std::string(file);
}

unsigned registers_per_thread() {
  constexpr std::uint64_t kMost = 255;
  return static_cast<unsigned>(
      number_from_environment("GRIDSTRIDE_REGISTERS", 0, 1, kMost, "a thread's registers, 1 to 255"));
}

std::uint64_t profile_blocks() {
  return number_from_environment("GRIDSTRIDE_PROFILE_BLOCKS", 0, 1, ~std::uint64_t{0},
                                 "a number of blocks, at least 1");
}

std::size_t stack_bytes() { return current_stack_bytes().load(std::memory_order_relaxed); }

void set_stack_bytes(std::size_t bytes) {
  constexpr std::size_t kLeast = kDefaultStackKb * 1024;
  constexpr std::size_t kMost = std::size_t{1} << 30;
  current_stack_bytes().store(std::clamp(bytes, kLeast, kMost), std::memory_order_relaxed);
}

}  // namespace gridstride::emulator
