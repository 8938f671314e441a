#include "framework/io/atomic_file.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <chrono>
#include <random>
#include <thread>

#include "framework/io/error.hpp"
#include "framework/io/input_file.hpp"
#include "tests/framework/io/scratch_folder.hpp"

namespace gridstride::io {
namespace {

using tests::expect_user_error;
using tests::get;
using tests::put;
using tests::ScratchFolder;

TEST(AtomicFile, AppearsWholeAndLeavesNothingBeside) {
  const ScratchFolder folder;
  write_file(folder / "a", "first");
  EXPECT_EQ(get(folder / "a"), "first");
  write_file(folder / "a", "2nd");
  EXPECT_EQ(get(folder / "a"), "2nd");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(AtomicFile, AbandonedWritingChangesNothing) {
  const ScratchFolder folder;
  put(folder / "a", "old");
  {
    AtomicFile file(folder / "a");
    file.write("new", 3);
  }
  EXPECT_EQ(get(folder / "a"), "old");
  EXPECT_FALSE(std::filesystem::exists(folder / "a.tmp"));
}

TEST(AtomicFile, LeftoversOfAKilledWriterAreOverwritten) {
  const ScratchFolder folder;
  put(folder / "a.tmp", "a long leftover of a killed process");
  write_file(folder / "a", "new");
  EXPECT_EQ(get(folder / "a"), "new");
}

TEST(AtomicFile, RefusesASecondWriter) {
  const ScratchFolder folder;
  AtomicFile first(folder / "a");
  expect_user_error([&] { AtomicFile second(folder / "a"); }, {"a: cannot be written", "another process"});
  first.write("x", 1);
  first.commit();
  EXPECT_EQ(get(folder / "a"), "x");
}

TEST(AtomicFile, KeptPartIsContinued) {
  const ScratchFolder folder;
  {
    AtomicFile file(folder / "a", Unfinished::kKeep);
    file.write("begin", 5);
  }
  AtomicFile file(folder / "a", Unfinished::kKeep);
  EXPECT_EQ(file.size_bytes(), 5u);
  file.write(" end", 4);
  file.commit();
  EXPECT_EQ(get(folder / "a"), "begin end");
}

TEST(AtomicFile, NamesWhatIsInTheWay) {
  const ScratchFolder folder;
  std::filesystem::create_directory(folder / "d");
  expect_user_error([&] { write_file(folder / "d", "x"); }, {"/d: cannot be written", "name a file"});
  expect_user_error([&] { write_file(folder / "none/x", "x"); },
                    {"none/x: cannot be written", "check the path"});
  expect_user_error([] { write_file("/dev/full", "x"); }, {"/dev/full: cannot be written", "device"});
  put(folder / "f", "");
  expect_user_error([&] { make_folder(folder / "f/g"); }, {"f/g: cannot be made"});
}

TEST(AtomicFile, UnwritableFolderIsOneLine) {
  const ScratchFolder folder;
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0555));
  const tests::WithoutRoot ordinary;
  expect_user_error([&] { write_file(folder / "a", "x"); }, {"/a: cannot be written: Permission denied"});
  expect_user_error([&] { make_folder(folder / "sub"); }, {"/sub: cannot be made: Permission denied"});
}

// A file size limit stops a write half-way exactly as a full disk does.
TEST(AtomicFile, FullDiskLeavesTheOldFile) {
  const ScratchFolder folder;
  put(folder / "a", "old");
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit = {4096, 4096};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    try {
      write_file(folder / "a", std::string(100'000, 'n'));
    } catch (const UserError& error) {
      ::_exit(std::string_view(error.what()).find("cannot be written") != std::string_view::npos ? 7 : 8);
    }
    ::_exit(9);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 7) << status;
  EXPECT_EQ(get(folder / "a"), "old");
  EXPECT_FALSE(std::filesystem::exists(folder / "a.tmp"));
}

// The writer is killed at random moments; what stands at the path is always one whole generation.
TEST(AtomicFile, KillAtAnyMomentLosesNothing) {
  const ScratchFolder folder;
  const auto path = folder / "a";
  constexpr size_t kBytes = 300'000;
  const auto begun = std::chrono::steady_clock::now();
  write_file(path, std::string(kBytes, 'a'));
  const double one_write = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  std::mt19937 random(7);
  std::uniform_real_distribution<double> moment(0, 5 * one_write);
  int generations = 0;
  for (int round = 0; round < 60; ++round) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      for (char c = 'b';; c = c == 'z' ? 'a' : static_cast<char>(c + 1))
        write_file(path, std::string(kBytes, c));
    }
    std::this_thread::sleep_for(std::chrono::duration<double>(moment(random)));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const std::string content = get(path);
    ASSERT_EQ(content.size(), kBytes);
    ASSERT_EQ(content, std::string(kBytes, content[0])) << "two generations are mixed";
    generations += content[0] != 'a';
  }
  EXPECT_GT(generations, 0) << "no child lived long enough to write";
}

TEST(InputFile, RefusesWhatIsNotARegularFile) {
  const ScratchFolder folder;
  expect_user_error([&] { InputFile file(folder.path()); }, {"cannot be read", "name a file, not a folder"});
  expect_user_error([&] { InputFile file(folder / "none"); }, {"none: cannot be read: No such file"});
  expect_user_error([] { InputFile file("/dev/null"); }, {"/dev/null: cannot be read", "device"});
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  expect_user_error([&] { InputFile file(folder / "pipe"); }, {"pipe"});
  put(folder / "secret", "x");
  std::filesystem::permissions(folder / "secret", std::filesystem::perms(0));
  const tests::WithoutRoot ordinary;
  expect_user_error([&] { InputFile file(folder / "secret"); }, {"Permission denied"});
}

TEST(InputFile, SizeLimitIsChecked) {
  const ScratchFolder folder;
  put(folder / "a", "12345");
  expect_user_error([&] { read_file(folder / "a", 4); }, {"holds 5 bytes", "more than the 4"});
  EXPECT_EQ(read_file(folder / "a", 5).size(), 5u);
}

TEST(Escaped, KeepsHostileTextOnOneLine) {
  EXPECT_EQ(escaped("a\nb\x1b[31m"), "'a\\x0ab\\x1b[31m'");
  EXPECT_EQ(escaped(std::string(100, 'x')), "'" + std::string(60, 'x') + "...'");
}

}  // namespace
}  // namespace gridstride::io
