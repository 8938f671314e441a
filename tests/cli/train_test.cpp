// The program as a user meets it: training, interruptions, and everything that can be wrong with files and
// flags.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

#include "framework/io/safetensors.hpp"
#include "tests/cli/program.hpp"

namespace gridstride {
namespace {

namespace fs = std::filesystem;
using tests::expect_refused;
using tests::get;
using tests::Outcome;
using tests::Program;
using tests::put;
using tests::run;
using tests::ScratchFolder;

using Words = std::vector<std::string>;

Words operator+(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// A small set of synthetic digits for the whole suite.
class TrainProgram : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    shared_ = new ScratchFolder;
    const Outcome made = run({"data", "make", "mnist", "--synthetic", "--train", "1500", "--test", "200",
                              "--out", data().string(), "--seed", "5"});
    ASSERT_EQ(made.status, 0) << made.err;
    ASSERT_NE(made.out.find("synthetic"), std::string::npos);
  }
  static void TearDownTestSuite() { delete std::exchange(shared_, nullptr); }

  static fs::path data() { return *shared_ / "data"; }

  /// A run of 94 steps.
  Words train(const std::string& out, const Words& more = {}) const {
    return Words{"train",
                 "mnist",
                 "--model",
                 "mlp",
                 "--epochs",
                 "2",
                 "--batch",
                 "32",
                 "--data-dir",
                 data().string(),
                 "--out",
                 (folder_ / out).string(),
                 "--seed",
                 "3",
                 "--checkpoint-every",
                 "5"} +
           more;
  }
  fs::path checkpoint(const std::string& out) const { return folder_ / out / "checkpoint.safetensors"; }

  ScratchFolder folder_;

 private:
  static inline ScratchFolder* shared_ = nullptr;
};

TEST_F(TrainProgram, ReportsOnSyntheticDigitsAndSaysSoInEveryLine) {
  const Outcome outcome = run(train("a", {"--json", (folder_ / "result.json").string()}));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  std::istringstream lines(outcome.out);
  std::string line;
  std::getline(lines, line);
  EXPECT_TRUE(line.starts_with("device: ")) << line;
  while (std::getline(lines, line)) EXPECT_TRUE(line.starts_with("synthetic mnist: ")) << line;
  EXPECT_NE(outcome.out.find("test accuracy"), std::string::npos);
  EXPECT_NE(outcome.out.find("truth \\ answer"), std::string::npos);

  const auto json = nlohmann::json::parse(get(folder_ / "result.json"));
  EXPECT_TRUE(json["synthetic"]);
  EXPECT_EQ(json["steps"], 94);
  EXPECT_EQ(json["epochs"].size(), 2u);
  EXPECT_GT(json["test"]["accuracy"], 0.7);
  int64_t answers = 0;
  for (const auto& row : json["test"]["classes"]) {
    for (const int64_t count : row["answers"]) answers += count;
  }
  EXPECT_EQ(answers, 200);
}

TEST_F(TrainProgram, SameSeedGivesTheSameBits) {
  ASSERT_EQ(run(train("a", {"--limit", "320"})).status, 0);
  ASSERT_EQ(run(train("b", {"--limit", "320"})).status, 0);
  ASSERT_EQ(run(train("c", {"--limit", "320", "--seed", "4"})).status, 0);
  EXPECT_EQ(get(checkpoint("a")), get(checkpoint("b")));
  EXPECT_NE(get(checkpoint("a")), get(checkpoint("c")));
}

TEST_F(TrainProgram, CtrlCThenResumeEndsWithTheSameBits) {
  ASSERT_EQ(run(train("whole")).status, 0);
  Program program(train("parted"));
  ASSERT_TRUE(program.wait_until([&] { return fs::exists(checkpoint("parted")); }));
  program.signal(SIGINT);
  const Outcome stopped = program.wait();
  ASSERT_EQ(stopped.status, 130) << stopped.out << stopped.err;
  EXPECT_NE(stopped.out.find("go on with: ./gridstride train mnist --model mlp"), std::string::npos)
      << stopped.out;
  EXPECT_NE(stopped.out.find(" --resume\n"), std::string::npos) << stopped.out;
  EXPECT_NE(get(checkpoint("parted")), get(checkpoint("whole"))) << "it was not stopped in the middle";
  const Outcome resumed = run(train("parted", {"--resume"}));
  ASSERT_EQ(resumed.status, 0) << resumed.err;
  EXPECT_EQ(get(checkpoint("parted")), get(checkpoint("whole")));
}

TEST_F(TrainProgram, KilledAgainAndAgainThenResumeEndsWithTheSameBits) {
  ASSERT_EQ(run(train("whole")).status, 0);
  std::mt19937 random(5);
  int killed = 0;
  for (int round = 0; round < 5; ++round) {
    const std::string before = fs::exists(checkpoint("parted")) ? get(checkpoint("parted")) : "";
    Program program(train("parted", before.empty() ? Words() : Words{"--resume"}));
    ASSERT_TRUE(program.wait_until(
        [&] { return fs::exists(checkpoint("parted")) && get(checkpoint("parted")) != before; }));
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 60));
    program.signal(SIGKILL);
    killed += program.wait().status == 128 + SIGKILL;
    ASSERT_NO_THROW(io::read_safetensors(checkpoint("parted")));
  }
  EXPECT_GT(killed, 0) << "every run ended before it could be killed";
  const Outcome resumed = run(train("parted", {"--resume"}));
  ASSERT_EQ(resumed.status, 0) << resumed.err;
  EXPECT_EQ(get(checkpoint("parted")), get(checkpoint("whole")));
}

TEST_F(TrainProgram, NewRunKeepsTheEarlierOne) {
  ASSERT_EQ(run(train("a", {"--limit", "64"})).status, 0);
  const std::string earlier = get(checkpoint("a"));
  const Outcome outcome = run(train("a", {"--limit", "64", "--seed", "8"}));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("kept as"), std::string::npos);
  EXPECT_EQ(get(folder_ / "a/earlier-1.safetensors"), earlier);
  const std::string second = get(checkpoint("a"));
  ASSERT_EQ(run(train("a", {"--limit", "64"})).status, 0);
  EXPECT_EQ(get(folder_ / "a/earlier-1.safetensors"), earlier);
  EXPECT_EQ(get(folder_ / "a/earlier-2.safetensors"), second);
}

TEST_F(TrainProgram, TwoRunsInOneFolderAreOneTooMany) {
  Program first(train("a"));
  ASSERT_TRUE(first.wait_until([&] { return fs::exists(checkpoint("a")); }));
  tests::expect_refused(run(train("a", {"--resume"})), 1, {"another run is writing there", "--out"});
  first.signal(SIGINT);
  EXPECT_EQ(first.wait().status, 130);
}

TEST_F(TrainProgram, FullDiskIsOneLineAndTheOldCheckpointStays) {
  ASSERT_EQ(run(train("a", {"--epochs", "1", "--limit", "64"})).status, 0);
  const std::string before = get(checkpoint("a"));
  const Outcome full =
      run(train("a", {"--epochs", "1", "--limit", "64", "--resume", "--json", (folder_ / "j").string()}), {},
          16 * 1024);
  EXPECT_EQ(get(checkpoint("a")), before);
  expect_refused(full, 1, {"checkpoint.safetensors: cannot be written: File too large"});
  expect_refused(run(train("b"), {}, 16 * 1024), 1, {"cannot be written: File too large"});
  EXPECT_FALSE(fs::exists(checkpoint("b")));
}

TEST_F(TrainProgram, UnwritableFolderIsOneLine) {
  put(folder_ / "file", "");
  expect_refused(run(train("file/inside")), 1, {"file/inside", "cannot"});
  fs::create_directories(checkpoint("a"));
  expect_refused(run(train("a", {"--resume"})), 1, {"checkpoint.safetensors"});
}

TEST_F(TrainProgram, BrokenCheckpointIsOneLineAndUntouched) {
  expect_refused(run(train("none", {"--resume"})), 1, {"no checkpoint to resume from"});
  ASSERT_EQ(run(train("a", {"--limit", "64"})).status, 0);
  const std::string whole = get(checkpoint("a"));
  expect_refused(run(train("a", {"--limit", "64", "--resume", "--lr", "0.5"})), 1, {"recipe.lr"});
  expect_refused(run(train("a", {"--limit", "65", "--resume"})), 1, {"data."});
  for (const std::string& broken : {std::string(), whole.substr(0, 20), whole.substr(0, whole.size() / 2),
                                    whole + "x", std::string("not a checkpoint")}) {
    put(checkpoint("a"), broken);
    expect_refused(run(train("a", {"--limit", "64", "--resume"})), 1,
                   {"checkpoint.safetensors: is not a whole"});
    expect_refused(run({"eval", checkpoint("a").string()}), 1, {"checkpoint.safetensors: is not a whole"});
    EXPECT_EQ(get(checkpoint("a")), broken);
  }
  std::string flipped = whole;  // one bit of a parameter
  flipped[flipped.size() - 5] ^= 1;
  put(checkpoint("a"), flipped);
  expect_refused(run(train("a", {"--limit", "64", "--resume"})), 1, {"checkpoint.safetensors: damaged"});
  expect_refused(run({"eval", checkpoint("a").string()}), 1, {"checkpoint.safetensors: damaged"});
  EXPECT_FALSE(fs::exists(folder_ / "none")) << "a refused run leaves nothing";
}

TEST_F(TrainProgram, BrokenDataIsOneLine) {
  const auto with_data = [&](const fs::path& folder) {
    return Words{"train", "mnist", "--data-dir", folder.string()};
  };
  expect_refused(run(with_data(folder_ / "none")), 1, {"is not a folder"});
  fs::copy(data(), folder_ / "data");
  const fs::path labels = folder_ / "data/train-labels-idx1-ubyte.gz";
  const std::string whole = get(labels);
  put(labels, whole.substr(0, 100));
  expect_refused(run(with_data(folder_ / "data")), 1,
                 {"train-labels-idx1-ubyte.gz: is not a whole gzip file"});
  put(labels, "");
  expect_refused(run(with_data(folder_ / "data")), 1, {"is empty"});
  fs::copy_file(folder_ / "data/t10k-labels-idx1-ubyte.gz", labels, fs::copy_options::overwrite_existing);
  expect_refused(run(with_data(folder_ / "data")), 1, {"holds 200 labels for the 1500 images"});
  fs::remove(labels);
  expect_refused(run(with_data(folder_ / "data")), 1, {"lacks train-labels-idx1-ubyte.gz"});
}

TEST_F(TrainProgram, WrongUseIsOneLineAndStatusTwo) {
  expect_refused(run({"train"}), 2, {"dataset is required"});
  expect_refused(run({"train", "mnits"}), 2, {"mnits"});
  expect_refused(run({"train", "mnist", "--epoch", "3"}), 2, {"--epoch"});
  const std::vector<std::pair<Words, std::string>> wrong = {
      {{"--model", "cmn"}, "--model wants cnn or mlp, got 'cmn'"},
      {{"--optimizer", "adam"}, "did you mean adamw"},
      {{"--epochs", "0"}, "--epochs wants at least 1, got 0"},
      {{"--epochs", "many"}, "many"},
      {{"--batch", "-1"}, "--batch wants at least 1, got -1"},
      {{"--lr", "0"}, "--lr wants a positive number, got 0"},
      {{"--lr", "nan"}, "--lr wants a positive number, got nan"},
      {{"--limit", "0"}, "--limit"},
      {{"--seed", "-1"}, "--seed"},
      {{"--checkpoint-every", "-5"}, "--checkpoint-every"},
      {{"--kernels", "gemm=99_magic"}, "99_magic"},
      {{"--kernels", "gem=01_naive"}, "gem"},
      {{"--synthetic", "--data-dir", "x"}, "--synthetic"},
  };
  for (const auto& [flags, part] : wrong) expect_refused(run(Words{"train", "mnist"} + flags), 2, {part});
}

TEST_F(TrainProgram, RealDigitsAreLearned) {
  const char* folder = std::getenv("GRIDSTRIDE_DATA_DIR");
  if (!folder) GTEST_SKIP() << "GRIDSTRIDE_DATA_DIR names no folder with MNIST";
  const Outcome outcome =
      run({"train", "mnist", "--model", "mlp", "--epochs", "1", "--limit", "10000", "--out",
           (folder_ / "real").string(), "--json", (folder_ / "result.json").string()});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const auto json = nlohmann::json::parse(get(folder_ / "result.json"));
  EXPECT_FALSE(json["synthetic"]) << "GRIDSTRIDE_DATA_DIR holds synthetic digits";
  EXPECT_EQ(outcome.out.find("synthetic"), std::string::npos);
  EXPECT_GT(json["test"]["accuracy"], 0.88);
}

}  // namespace
}  // namespace gridstride
