#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "tests/framework/io/scratch_folder.hpp"

namespace gridstride::tests {

/// How a run of the program ended.
struct Outcome {
  int status = -1;  ///< exit status, or 128 + signal
  std::string out, err;
};

/// A run of the `gridstride` program that was just built.
class Program {
 public:
  using Environment = std::map<std::string, std::string>;

  /// `largest_file_bytes` makes the disk full beyond that size; 0 sets no limit.
  explicit Program(const std::vector<std::string>& words, const Environment& environment = {},
                   rlim_t largest_file_bytes = 0) {
    child_ = ::fork();
    if (child_ != 0) return;
    redirect(STDOUT_FILENO, folder_ / "out");
    redirect(STDERR_FILENO, folder_ / "err");
    for (const auto& [name, value] : environment) ::setenv(name.c_str(), value.c_str(), 1);
    if (largest_file_bytes > 0) {
      const rlimit limit = {largest_file_bytes, largest_file_bytes};
      ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    std::vector<std::string> owned = {GRIDSTRIDE_BINARY_DIR "/bin/gridstride"};
    owned.insert(owned.end(), words.begin(), words.end());
    std::vector<char*> argv;
    for (std::string& word : owned) argv.push_back(word.data());
    argv.push_back(nullptr);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  ~Program() {
    if (child_ > 0) {
      ::kill(child_, SIGKILL);
      ::waitpid(child_, nullptr, 0);
    }
  }
  Program(const Program&) = delete;

  void signal(int number) const { ::kill(child_, number); }
  std::string out() const { return get(folder_ / "out"); }

  /// Waits until `seen` holds or the program has ended; false after a minute.
  bool wait_until(const std::function<bool()>& seen) const {
    for (int i = 0; i < 6000; ++i) {
      siginfo_t ended = {};
      ::waitid(P_PID, static_cast<id_t>(child_), &ended, WEXITED | WNOHANG | WNOWAIT);
      if (seen() || ended.si_pid == child_) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }

  Outcome wait() {
    int status = 0;
    ::waitpid(child_, &status, 0);
    child_ = -1;
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), out(), get(folder_ / "err")};
  }

 private:
  static void redirect(int fd, const std::filesystem::path& file) {
    const int to = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::dup2(to, fd);
    ::close(to);
  }

  ScratchFolder folder_;
  pid_t child_ = -1;
};

inline Outcome run(const std::vector<std::string>& words, const Program::Environment& environment = {},
                   rlim_t largest_file_bytes = 0) {
  return Program(words, environment, largest_file_bytes).wait();
}

/// The one line that an error owes the user, with each of `parts` in it; and the exit status.
inline void expect_refused(const Outcome& outcome, int status,
                           std::initializer_list<std::string_view> parts) {
  EXPECT_EQ(outcome.status, status) << outcome.out << outcome.err;
  EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1) << outcome.err;
  for (const auto part : parts)
    EXPECT_NE(outcome.err.find(part), std::string::npos) << outcome.err << "lacks: " << part;
}

}  // namespace gridstride::tests
