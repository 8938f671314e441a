// The data command, and what training does on a machine without data and without a network.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "framework/data/mnist.hpp"
#include "tests/cli/program.hpp"
#include "tests/framework/data/file_server.hpp"

namespace gridstride {
namespace {

using tests::expect_refused;
using tests::FileServer;
using tests::get;
using tests::Outcome;
using tests::Program;
using tests::run;
using tests::ScratchFolder;

/// A repository of its own, and a network whose every door is shut.
Program::Environment offline(const ScratchFolder& root) {
  return {{"GRIDSTRIDE_ROOT", root.path().string()},
          {"GRIDSTRIDE_DATA_DIR", ""},
          {"https_proxy", "http://127.0.0.1:1"},
          {"http_proxy", "http://127.0.0.1:1"},
          {"HTTPS_PROXY", "http://127.0.0.1:1"},
          {"no_proxy", ""},
          {"NO_PROXY", ""},
          {"ALL_PROXY", "http://127.0.0.1:1"}};
}

TEST(DataProgram, MakesSyntheticDigitsThatSayWhatTheyAre) {
  const ScratchFolder folder;
  const std::string a = (folder / "a").string(), b = (folder / "b").string(), c = (folder / "c").string();
  const Outcome made =
      run({"data", "make", "mnist", "--synthetic", "--train", "50", "--test", "20", "--out", a});
  ASSERT_EQ(made.status, 0) << made.err;
  EXPECT_TRUE(made.out.starts_with("synthetic mnist: 50 training and 20 test digits")) << made.out;
  const data::Mnist mnist = data::load_mnist(a);
  EXPECT_TRUE(mnist.train.synthetic);
  EXPECT_EQ(mnist.train.count, 50);
  EXPECT_EQ(mnist.test.count, 20);
  run({"data", "make", "mnist", "--synthetic", "--train", "50", "--test", "20", "--out", b});
  run({"data", "make", "mnist", "--synthetic", "--train", "50", "--test", "20", "--out", c, "--seed", "2"});
  const std::string file = "/train-images-idx3-ubyte.gz";
  EXPECT_EQ(get(a + file), get(b + file));
  EXPECT_NE(get(a + file), get(c + file));
}

TEST(DataProgram, FailedFetchIsOneLine) {
  const ScratchFolder folder;
  const FileServer server([](const FileServer::Request&) {
    return "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  });
  const Outcome refused =
      run({"data", "fetch", "mnist", "--data-dir", folder.path().string(), "--mirror", server.url()});
  expect_refused(refused, 1, {"train-images-idx3-ubyte.gz: cannot be fetched from", server.url(), "403"});
  expect_refused(run({"data", "fetch", "mnist"}, offline(folder)), 1,
                 {"cannot be fetched from", "check the network"});
}

TEST(DataProgram, WrongUseIsOneLineAndStatusTwo) {
  expect_refused(run({"data"}), 2, {"fetch or make"});
  expect_refused(run({"data", "fetch"}), 2, {"dataset is required"});
  expect_refused(run({"data", "fetch", "mnits"}), 2, {"mnits"});
  expect_refused(run({"data", "fech", "mnist"}), 2, {"fech"});
  expect_refused(run({"data", "make", "mnist"}), 2, {"--synthetic"});
  expect_refused(run({"data", "make", "mnist", "--synthetic", "--train", "0"}), 2, {"--train"});
  expect_refused(run({"data", "make", "mnist", "--synthetic", "--seed", "-1"}), 2, {"--seed"});
}

TEST(DataProgram, WithoutDataAndNetworkTrainingTakesSyntheticDigitsAndSaysSo) {
  const ScratchFolder root;
  const std::string out = (root / "run").string(), json = (root / "result.json").string();
  const Outcome outcome = run(
      {"train", "mnist", "--model", "mlp", "--epochs", "1", "--limit", "256", "--out", out, "--json", json},
      offline(root));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("cannot be fetched"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("synthetic mnist: test accuracy"), std::string::npos) << outcome.out;
  EXPECT_TRUE(nlohmann::json::parse(get(json))["synthetic"]);
  EXPECT_TRUE(data::find_mnist(root / "data/synthetic-mnist"));
  const Outcome again = run({"eval", out}, offline(root));
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_EQ(again.out.find("drawn"), std::string::npos) << "the digits that are there are taken";
}

}  // namespace
}  // namespace gridstride
