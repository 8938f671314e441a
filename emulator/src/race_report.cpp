/// What is told of races, and when.
#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include "error.hpp"
#include "profile_words.hpp"
#include "race_launch.hpp"
#include "settings.hpp"
#include "symbols.hpp"

namespace gridstride::emulator {
namespace {

std::atomic<RaceCheck>& current_check() {
  static std::atomic<RaceCheck> check{checking_races() ? RaceCheck::Told : RaceCheck::Off};
  return check;
}

struct Kept {
  std::mutex mutex;
  RaceFindings findings;
  std::map<std::string, std::size_t> known;  // by key(), where in the findings
};

Kept& kept() {
  static auto* the = new Kept;  // executors may add to it until the process ends
  return *the;
}

std::string text(uint3 v) {
  return "(" + std::to_string(v.x) + "," + std::to_string(v.y) + "," + std::to_string(v.z) + ")";
}

std::string line(const RaceAccess& access) {
  const std::string place = access.file.empty() ? "" : access.file + ":" + std::to_string(access.line);
  std::string out = "  thread " + text(access.thread) + " of block " + text(access.block) + " " +
                    access.what + at_line(place);
  if (!access.chain.empty()) out += "    called at " + access.chain.back() + "\n";
  return out;
}

const char* heading(const Race& race) {
  if (race.is_benign) return "note: threads write the same value";
  return race.scope == RaceScope::Warp ? "missing __syncwarp" : "data race";
}

std::string json(uint3 v) {
  return "[" + std::to_string(v.x) + ", " + std::to_string(v.y) + ", " + std::to_string(v.z) + "]";
}

std::string json(const RaceAccess& access) {
  return "{\"what\": " + quoted(access.what) + ", \"file\": " + quoted(access.file) +
         ", \"line\": " + std::to_string(access.line) + ", \"block\": " + json(access.block) +
         ", \"thread\": " + json(access.thread) + "}";
}

const char* name(WrongAccess::Kind kind) {
  return kind == WrongAccess::Kind::Unwritten ? "uninitialized read" : "out of bounds";
}

/// The launches of one kernel have the same races: those of which this is the same.
std::string key(const Race& race) {
  const auto end = [](const RaceAccess& a) { return a.what + a.file + ":" + std::to_string(a.line) + "\n"; };
  const std::string a = end(race.first), b = end(race.second);
  return race.kernel + "\n" + heading(race) + std::min(a, b) + std::max(a, b);
}

std::string key(const WrongAccess& wrong) {
  return wrong.kernel + "\n" + name(wrong.kind) + wrong.access.what + wrong.access.file + ":" +
         std::to_string(wrong.access.line);
}

bool is_new(const Race& race) {
  static std::mutex mutex;
  static auto* known = new std::set<std::string>;
  const std::scoped_lock lock(mutex);
  return known->insert(key(race)).second;
}

const char* name(RaceScope scope) {
  return scope == RaceScope::Warp ? "warp" : scope == RaceScope::Block ? "block" : "grid";
}

}  // namespace

RaceCheck race_check() { return current_check().load(std::memory_order_relaxed); }

void check_races(bool on) { current_check() = on ? RaceCheck::Kept : RaceCheck::Off; }

RaceFindings take_races() {
  const std::scoped_lock lock(kept().mutex);
  kept().known.clear();
  return std::exchange(kept().findings, {});
}

void conclude(const LaunchRaces& races) {
  RaceFindings found = races.findings();
  if (race_check() == RaceCheck::Told) {
    for (const Race& race : found.races) {
      if (is_new(race)) publish_report(race_text(race));
    }
    static std::atomic<bool> is_told{false};
    if (!found.is_complete && !is_told.exchange(true)) {
      publish_report(
          "gridstride: memory does not suffice to look for races everywhere: only what was "
          "touched first was looked at\n");
    }
    return;
  }
  const std::scoped_lock lock(kept().mutex);
  RaceFindings& all = kept().findings;
  for (Race& race : found.races) {
    const auto [at, is_first] = kept().known.try_emplace(key(race), all.races.size());
    if (is_first) {
      all.races.push_back(std::move(race));
    } else {
      all.races[at->second].count += race.count;
    }
  }
  for (WrongAccess& wrong : found.wrong) {
    const auto [at, is_first] = kept().known.try_emplace(key(wrong), all.wrong.size());
    if (is_first) {
      all.wrong.push_back(std::move(wrong));
    } else {
      all.wrong[at->second].count += wrong.count;
    }
  }
  all.accesses += found.accesses;
  all.is_complete &= found.is_complete;
}

std::string race_text(const Race& race) {
  return std::string("gridstride: ") + heading(race) + ": " + race.place +
         (race.count > 1 ? ", " + std::to_string(race.count) + " times" : "") + "\n  kernel " + race.kernel +
         "\n" + line(race.first) + line(race.second) + "  cure: " + race.advice + "\n";
}

std::string wrong_text(const WrongAccess& wrong) {
  return std::string("gridstride: ") + name(wrong.kind) + ": " + wrong.place +
         (wrong.kind == WrongAccess::Kind::Unwritten ? ", which no thread of the block has written" : "") +
         (wrong.count > 1 ? ", " + std::to_string(wrong.count) + " times" : "") + "\n  kernel " +
         wrong.kernel + "\n" + line(wrong.access);
}

std::string races_text(const RaceFindings& findings) {
  std::string out;
  for (const WrongAccess& wrong : findings.wrong) out += wrong_text(wrong);
  for (const Race& race : findings.races) out += race_text(race);
  const std::uint64_t count = findings.count();
  out += "races: " + (count == 0 ? "none" : std::to_string(count)) + " in " +
         std::to_string(findings.accesses) + " accesses" +
         (findings.is_complete ? "" : "; memory did not suffice for all") + "\n";
  if (!findings.wrong.empty())
    out += "wrong accesses: on " + std::to_string(findings.wrong.size()) +
           (findings.wrong.size() == 1 ? " line\n" : " lines\n");
  return out;
}

std::string races_json(const RaceFindings& findings) {
  std::string out = "{\"accesses\": " + std::to_string(findings.accesses) +
                    ", \"complete\": " + (findings.is_complete ? "true" : "false") + ", \"races\": [";
  for (const Race& race : findings.races) {
    if (&race != findings.races.data()) out += ",";
    out += "\n {\"kernel\": " + quoted(race.kernel) + ", \"scope\": \"" + name(race.scope) +
           "\", \"benign\": " + (race.is_benign ? "true" : "false") + ", \"place\": " + quoted(race.place) +
           ", \"count\": " + std::to_string(race.count) + ", \"advice\": " + quoted(race.advice) +
           ",\n  \"first\": " + json(race.first) + ",\n  \"second\": " + json(race.second) + "}";
  }
  out += "], \"wrong\": [";
  for (const WrongAccess& wrong : findings.wrong) {
    if (&wrong != findings.wrong.data()) out += ",";
    out += "\n {\"kernel\": " + quoted(wrong.kernel) + ", \"kind\": " + quoted(name(wrong.kind)) +
           ", \"place\": " + quoted(wrong.place) + ", \"count\": " + std::to_string(wrong.count) +
           ", \"access\": " + json(wrong.access) + "}";
  }
  return out + "]}";
}

}  // namespace gridstride::emulator
