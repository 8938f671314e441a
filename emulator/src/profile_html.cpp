/// Profiles as one page that needs nothing but a browser. What is on it is in report_page/; here the data are
/// put in: the profiles' JSON, and the sources.
#include <cstdlib>
#include <optional>
#include <set>

#include "gridstride/emulator/profile.hpp"
#include "profile_words.hpp"
#include "report_page.hpp"

namespace gridstride::emulator {
namespace {

constexpr std::size_t kMostBytes = 5 << 19;  // 2.5 MiB, which a browser opens at once

/// How much of the sources and of the samples a page has. What it has not, it says.
struct Detail {
  std::optional<unsigned> around;  // lines with counters; else all
  std::size_t samples;             // of each line
};
constexpr Detail kDetails[] = {{std::nullopt, kMostSamples}, {30, kMostSamples}, {30, 4}, {10, 2}, {5, 0}};

/// The text of a script element ends at the first "</script", wherever that stands, and "<!--" changes the
/// rules.
std::string in_script(std::string json) {
  for (std::size_t at = 0; (at = json.find('<', at)) != std::string::npos;) json.replace(at, 1, "\\u003c");
  return json;
}

std::vector<NamedProfile> with_samples(std::vector<NamedProfile> profiles, std::size_t count) {
  for (NamedProfile& profile : profiles) {
    for (KernelProfile& kernel : profile.kernels) {
      for (LineProfile& line : kernel.lines) {
        if (line.samples.size() > count) line.samples.resize(count);
      }
    }
  }
  return profiles;
}

/// Every file that has a line with counters: its lines, null for those that are left out.
std::string sources_json(const std::vector<NamedProfile>& profiles, const Detail& detail) {
  std::map<std::string, std::set<unsigned>> counted;
  for (const NamedProfile& profile : profiles) {
    for (const KernelProfile& kernel : profile.kernels) {
      for (const LineProfile& line : kernel.lines) counted[line.file].insert(line.line);
    }
  }
  Sources sources;
  std::string out;
  for (const auto& [file, numbers] : counted) {
    out += (out.empty() ? "" : ",\n") + quoted(file) + ": [";
    const std::vector<std::string>& lines = sources.of(file);
    for (unsigned number = 1; number <= lines.size(); ++number) {
      const unsigned around = detail.around.value_or(0);
      const auto near = numbers.lower_bound(number > around ? number - around : 0);
      const bool is_shown = !detail.around || (near != numbers.end() && *near <= number + around);
      out += (number == 1 ? "" : ",\n") + (is_shown ? quoted(lines[number - 1]) : "null");
    }
    out += "]";
  }
  return "{" + out + "}";
}

std::string data_json(const std::string& title, const std::vector<NamedProfile>& profiles,
                      const Detail& detail) {
  const std::string changed = profiles.size() == 2 ? what_changed(profiles[0], profiles[1]) : "";
  return "{\"title\": " + quoted(title) + ", \"changed\": " + quoted(changed) +
         ",\n\"of\": " + profile_json(with_samples(profiles, detail.samples)) +
         ",\n\"sources\": " + sources_json(profiles, detail) + "}";
}

/// Files by their names from the working directory, where they lie below it.
std::vector<NamedProfile> nearby(std::vector<NamedProfile> profiles) {
  const auto shorten = [](std::vector<std::string>& places) {
    for (std::string& place : places) place = shown(place);
  };
  for (NamedProfile& profile : profiles) {
    for (KernelProfile& kernel : profile.kernels) {
      kernel.file = shown(kernel.file);
      for (LineProfile& line : kernel.lines) {
        line.file = shown(line.file);
        shorten(line.inlined_into);
        for (AccessProfile& access : line.accesses) shorten(access.inlined_into);
        for (RequestSample& sample : line.samples) shorten(sample.inlined_into);
      }
    }
    if (!profile.races) continue;
    for (WrongAccess& wrong : profile.races->wrong) wrong.access.file = shown(wrong.access.file);
    for (Race& race : profile.races->races) {
      race.first.file = shown(race.first.file);
      race.second.file = shown(race.second.file);
    }
  }
  return profiles;
}

/// Puts `text` in the place of the first "@name@".
void fill(std::string& page, const std::string& name, std::string_view text) {
  page.replace(page.find("@" + name + "@"), name.size() + 2, text);
}

}  // namespace

std::string profile_html(const std::vector<NamedProfile>& of) {
  const std::vector<NamedProfile> profiles = nearby(of);
  std::string title;
  for (const NamedProfile& profile : profiles) title += (title.empty() ? "" : ", ") + profile.name;
  std::string data;
  for (const Detail& detail : kDetails) {
    data = in_script(data_json(title, profiles, detail));
    if (data.size() <= kMostBytes) break;
  }
  std::string page(kPageHtml);
  fill(page, "script", kScript);  // from the end: what was put in is not looked at
  fill(page, "data", data);
  fill(page, "style", kPageCss);
  return page;
}

}  // namespace gridstride::emulator
