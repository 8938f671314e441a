// Profiles as a page and as a difference: what stands in them, whatever sources and names hold.
#include <filesystem>
#include <fstream>

#include "gridstride/emulator/profile.hpp"
#include "tests/framework/io/scratch_folder.hpp"

namespace gridstride::emulator {
namespace {

KernelProfile kernel_of(const std::string& file, unsigned line = 1) {
  KernelProfile kernel;
  kernel.name = "k";
  kernel.file = file;
  kernel.blocks = kernel.traced_blocks = kernel.launches = 1;
  LineProfile& at = kernel.lines.emplace_back();
  at.file = file;
  at.line = line;
  at.counts.instructions = at.counts.load_requests = 1;
  at.counts.load_sectors = 4;
  kernel.total = at.counts;
  return kernel;
}

/// What a browser takes for the data: what stands before the next end of a script.
std::string data_of(const std::string& page) {
  const std::string begin = "id=\"data\">";
  const std::size_t at = page.find(begin) + begin.size();
  return page.substr(at, page.find("</script", at) - at);
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(ProfilePage, SourcesCannotEndTheScript) {
  const tests::ScratchFolder folder;
  const std::string file = folder / "a</script><b>\"é\\.cu";
  tests::ScratchFolder inner;
  const std::string source = (inner / "b.cu").string();
  tests::put(source, "puts(\"</script><!--<script>\");  // 32 µs, λ\n@script@ @data@ @style@\n");
  const std::string page = profile_html({{"x", {kernel_of(source), kernel_of(file)}}});
  const std::string data = data_of(page);
  EXPECT_TRUE(has(data, R"(puts(\"\u003c/script>\u003c!--\u003cscript>\");  // 32 µs, λ)")) << data;
  EXPECT_TRUE(has(data, "@script@ @data@ @style@"));
  EXPECT_TRUE(has(data, R"(a\u003c/script>\u003cb>\"é\\.cu)")) << data;
  EXPECT_FALSE(has(data, "<"));
  EXPECT_TRUE(data.ends_with("}"));
  EXPECT_TRUE(has(page, "function drawSource"));
}

TEST(ProfilePage, NeedsNothingElse) {
  const std::string page = profile_html({});
  EXPECT_TRUE(page.starts_with("<!DOCTYPE html>"));
  for (const char* outside : {"<link rel=\"stylesheet", "src=", "@import", "fetch(", "https://"}) {
    EXPECT_FALSE(has(page, outside)) << outside;
  }
  EXPECT_TRUE(has(data_of(page), "\"profiles\": []"));
}

TEST(ProfilePage, FilesThatAreNotAtHandAreLeftOut) {
  const std::string data = data_of(profile_html({{"x", {kernel_of("/nowhere/a.cu", 7)}}}));
  EXPECT_TRUE(has(data, "\"/nowhere/a.cu\": []")) << data;
}

TEST(ProfilePage, OfAGiantSourceOnlyTheSurroundingsOfCountersAreShown) {
  const tests::ScratchFolder folder;
  const std::string file = (folder / "giant.cu").string();
  std::string text;
  for (int i = 1; i <= 60000; ++i)
    text += "int a_name_of_a_variable_which_is_as_long_as_they_are_" + std::to_string(i) + ";\n";
  tests::put(file, text);
  const std::string page = profile_html({{"x", {kernel_of(file, 40000)}}});
  EXPECT_LT(page.size(), 3u << 20);
  EXPECT_TRUE(has(page, "_40000;"));
  EXPECT_TRUE(has(page, "_40030;"));
  EXPECT_FALSE(has(page, "_40031;"));
}

TEST(ProfilePage, GivesUpSamplesBeforeItIsTooLarge) {
  KernelProfile kernel = kernel_of("/nowhere/a.cu");
  RequestSample sample;
  sample.lanes = ~0u;
  sample.bytes = 4;
  for (int lane = 0; lane < 32; ++lane) sample.offsets[lane] = 1'000'000'000 + lane;
  kernel.lines.front().samples.assign(12, sample);
  kernel.lines.assign(1000, kernel.lines.front());
  const std::string page = profile_html({{"x", {kernel}}});
  EXPECT_LT(page.size(), 3u << 20);
  EXPECT_TRUE(has(page, "\"space\": \"global\""));
}

TEST(ProfileDiff, SaysWhatChangedMost) {
  KernelProfile before = kernel_of("/nowhere/a.cu"), after = before;
  before.total.conflicts_4 = 31000;
  before.total.shared_load_requests = after.total.shared_load_requests = 1000;
  before.total.shared_load_wavefronts = 32000;
  after.total.shared_load_wavefronts = 1000;
  const NamedProfile a{"t/03", {before}}, b{"t/04", {after}};
  EXPECT_EQ(what_changed(a, b),
            "From t/03 to t/04 most of all fell: bank conflicts, from 31,000 to 0; then wavefronts of shared "
            "memory, from 32,000 to 1,000, 32 times fewer.");
  after.total.block_barriers = 7;
  EXPECT_TRUE(what_changed(a, {"t/05", {after}}).ends_with(". Most of all rose: barriers, from 0 to 7."));
  EXPECT_EQ(what_changed(a, a), "From t/03 to t/03 nothing changed that costs a GPU time.");
  const std::string text = profile_diff(a, b);
  EXPECT_TRUE(has(text, "wavefronts per shared request              32.00              1.00  x0.0312"))
      << text;
  EXPECT_TRUE(has(text, "load sectors                                   4                 4       x1"))
      << text;
  EXPECT_FALSE(has(text, "atomic")) << text;
  const std::string json = profile_diff_json(a, b);
  EXPECT_TRUE(has(json, "\"conflicts_4\": {\"a\": 31000, \"b\": 0, \"ratio\": 0}")) << json;
  EXPECT_TRUE(has(json, "\"atomic_sectors\": {\"a\": 0, \"b\": 0, \"ratio\": null}")) << json;
}

TEST(ProfileDiff, OfNothing) { EXPECT_TRUE(has(profile_diff({"a", {}}, {"b", {}}), "nothing changed")); }

}  // namespace
}  // namespace gridstride::emulator
