#include "framework/data/fetch.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "framework/io/sha256.hpp"
#include "tests/framework/data/file_server.hpp"
#include "tests/framework/io/scratch_folder.hpp"

namespace gridstride::data {
namespace {

using tests::expect_user_error;
using tests::FileServer;
using tests::get;
using tests::put;
using tests::ScratchFolder;

const std::string kBody = [] {
  std::string body;
  for (unsigned i = 0; i < 200'000; ++i) body += static_cast<char>(i * i >> 3);
  return body;
}();
const RemoteFile kFile = {"digits.gz", kBody.size(), io::sha256(std::as_bytes(std::span(kBody)))};

std::string honest(const FileServer::Request& request) { return FileServer::give(request, kBody); }
std::string absent(const FileServer::Request&) {
  return "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
}

/// Breaks the connection after 50,000 bytes of what was asked for, once.
FileServer::Answer cut_once() {
  return [cut = std::make_shared<bool>(false)](const FileServer::Request& request) {
    const std::string whole = honest(request);
    return std::exchange(*cut, true) ? whole : whole.substr(0, 50'000);
  };
}

Fetched fetch(const ScratchFolder& folder, std::initializer_list<const FileServer*> servers,
              const FetchProgress& progress = {}) {
  std::vector<std::string> mirrors;
  for (const FileServer* server : servers) mirrors.push_back(server->url());
  return fetch_file(kFile, mirrors, folder.path(), progress);
}

TEST(Fetch, BringsTheFileAndTellsHowFarItIs) {
  const ScratchFolder folder;
  const FileServer server(honest);
  uint64_t last = 0;
  const auto progress = [&last](const RemoteFile& file, uint64_t here) {
    EXPECT_EQ(file.name, "digits.gz");
    EXPECT_GT(here, last);
    last = here;
  };
  EXPECT_EQ(fetch(folder, {&server}, progress), Fetched::kDownloaded);
  EXPECT_EQ(last, kBody.size());
  EXPECT_EQ(get(folder / "digits.gz"), kBody);
  EXPECT_FALSE(std::filesystem::exists(folder / "digits.gz.part"));
  EXPECT_EQ(fetch(folder, {&server}), Fetched::kAlreadyThere);
  EXPECT_EQ(server.requests().size(), 1u);
}

TEST(Fetch, ReplacesAFileThatIsNotTheRightOne) {
  const ScratchFolder folder;
  put(folder / "digits.gz", "something else");
  const FileServer server(honest);
  EXPECT_EQ(fetch(folder, {&server}), Fetched::kDownloaded);
  EXPECT_EQ(get(folder / "digits.gz"), kBody);
}

TEST(Fetch, GoesOnWhereItWasInterrupted) {
  const ScratchFolder folder;
  put(folder / "digits.gz.part", kBody.substr(0, 120'000));
  const FileServer server(honest);
  fetch(folder, {&server});
  EXPECT_EQ(get(folder / "digits.gz"), kBody);
  ASSERT_EQ(server.requests().size(), 1u);
  EXPECT_EQ(server.requests()[0].from, 120'000u);
}

TEST(Fetch, GoesOnAfterABrokenConnection) {
  const ScratchFolder folder;
  const FileServer server(cut_once());
  fetch(folder, {&server});
  EXPECT_EQ(get(folder / "digits.gz"), kBody);
  ASSERT_EQ(server.requests().size(), 2u);
  EXPECT_GT(server.requests()[1].from, 40'000u);
}

TEST(Fetch, WholePartNeedsNoServer) {
  const ScratchFolder folder;
  put(folder / "digits.gz.part", kBody);
  EXPECT_EQ(fetch(folder, {}), Fetched::kDownloaded);
  EXPECT_EQ(get(folder / "digits.gz"), kBody);
}

TEST(Fetch, DamagedPartIsThrownAwayAndFetchedAnew) {
  for (const size_t bytes : {size_t{1000}, kBody.size(), kBody.size() + 1}) {
    const ScratchFolder folder;
    put(folder / "digits.gz.part", std::string(bytes, '?'));
    const FileServer server(honest);
    fetch(folder, {&server});
    EXPECT_EQ(get(folder / "digits.gz"), kBody);
    EXPECT_EQ(server.requests().back().from, 0u);
  }
}

TEST(Fetch, ServerThatCannotResumeGivesTheWholeFile) {
  const ScratchFolder folder;
  put(folder / "digits.gz.part", kBody.substr(0, 1000));
  const FileServer server([](const FileServer::Request&) { return FileServer::give({}, kBody); });
  fetch(folder, {&server});
  EXPECT_EQ(get(folder / "digits.gz"), kBody);
}

TEST(Fetch, NextMirrorServesWhereOneFails) {
  const ScratchFolder folder;
  const FileServer gone(absent), right(honest),
      longer([](const auto&request) { return FileServer::give(request, kBody + "x"); });
  const FileServer other(
      [](const auto& request) { return FileServer::give(request, std::string(kBody.size(), 'x')); });
  const FileServer shorter(
      [](const auto& request) { return FileServer::give(request, kBody.substr(0, 10)); });
  fetch(folder, {&gone, &longer, &other, &shorter, &right});
  EXPECT_EQ(get(folder / "digits.gz"), kBody);
}

TEST(Fetch, NoMirrorIsOneLineWithEveryReason) {
  const ScratchFolder folder;
  const FileServer gone(absent);
  const FileServer other(
      [](const auto& request) { return FileServer::give(request, std::string(kBody.size(), 'x')); });
  expect_user_error(
      [&] {
        fetch(folder, {&gone, &other});
      },
      {"digits.gz: cannot be fetched from", gone.url(), "404", "wrong checksum", "check the network"});
  EXPECT_FALSE(std::filesystem::exists(folder / "digits.gz"));
  const std::vector<std::string> nowhere = {"http://127.0.0.1:1/", "ftp://127.0.0.1/", "file:///etc/"};
  EXPECT_THROW(fetch_file(kFile, nowhere, folder.path(), {}), NetworkError);
}

TEST(Fetch, DiskTroubleIsNotTheNetworks) {
  const ScratchFolder folder;
  put(folder / "file", "");
  const FileServer server(honest);
  const std::vector<std::string> mirrors = {server.url()};
  expect_user_error([&] { fetch_file(kFile, mirrors, folder / "file", {}); }, {"cannot be made"});
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit = {4096, 4096};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    try {
      fetch_file(kFile, mirrors, folder.path(), {});
    } catch (const NetworkError&) {
      ::_exit(8);
    } catch (const UserError& error) {
      ::_exit(std::string_view(error.what()).find("cannot be written") != std::string_view::npos ? 7 : 9);
    }
    ::_exit(10);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 7) << status;
}

// What has arrived when the process dies is used by the next one.
TEST(Fetch, KilledDownloadIsContinued) {
  const ScratchFolder folder;
  const FileServer server([](const auto& request) {
    return request.from ? honest(request)
                        : honest(request).substr(0, 90'000);  // then silence until the peer leaves
  });
  const std::vector<std::string> mirrors = {server.url()};
  const pid_t child = ::fork();
  if (child == 0) {
    fetch_file(kFile, mirrors, folder.path(), [](const RemoteFile&, uint64_t here) {
      if (here > 50'000) ::raise(SIGKILL);
    });
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
  ASSERT_GT(std::filesystem::file_size(folder / "digits.gz.part"), 50'000u);
  fetch(folder, {&server});
  EXPECT_EQ(get(folder / "digits.gz"), kBody);
  EXPECT_GT(server.requests().back().from, 50'000u);
}

}  // namespace
}  // namespace gridstride::data
