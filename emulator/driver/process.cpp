#include "emulator/driver/process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace gridstride::driver {
namespace {

std::atomic<int> noted_signal = 0;
std::atomic<pid_t> child = 0;

void note(int signal) {
  noted_signal = signal;
  if (const pid_t pid = child; pid > 0) kill(pid, signal);
}

std::vector<char*> pointers(const Words& command) {
  std::vector<char*> out;
  for (const std::string& word : command) out.push_back(const_cast<char*>(word.c_str()));
  out.push_back(nullptr);
  return out;
}

std::runtime_error cannot_start(const Words& command, int error) {
  return std::runtime_error("cannot run '" + command.at(0) + "': " + std::strerror(error));
}

void read_all(int fd, std::string& output) {
  std::size_t used = output.size();
  for (;;) {
    output.resize(used + (1 << 16));
    const ssize_t got = read(fd, output.data() + used, output.size() - used);
    if (got > 0) used += static_cast<std::size_t>(got);
    if (got == 0 || (got < 0 && errno != EINTR)) break;
  }
  output.resize(used);
}

Outcome wait_for(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
  child = 0;
  return {WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status)};
}

Outcome spawn(const Words& command, std::string* output) {
  int ends[2] = {-1, -1};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (output) {
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error(std::string("pipe: ") + std::strerror(errno));
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  }
  pid_t pid = 0;
  const int error =
      posix_spawnp(&pid, command.at(0).c_str(), &actions, nullptr, pointers(command).data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (output) close(ends[1]);
  if (error == 0) {
    child = pid;
    if (noted_signal != 0) kill(pid, noted_signal);
    if (output) read_all(ends[0], *output);
  }
  if (output) close(ends[0]);
  if (error != 0) throw cannot_start(command, error);
  return wait_for(pid);
}

}  // namespace

Outcome run(const Words& command) { return spawn(command, nullptr); }
Outcome run(const Words& command, std::string& output) { return spawn(command, &output); }

int interrupted() { return noted_signal; }

void catch_signals() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action {};
    sigaction(signal, nullptr, &action);
    if (action.sa_handler == SIG_IGN) continue;  // as nohup wants it
    action.sa_handler = note;
    sigaction(signal, &action, nullptr);
  }
}

void die_interrupted() {
  signal(noted_signal, SIG_DFL);
  raise(noted_signal);
  std::_Exit(128 + noted_signal);
}

void become(const Words& command) {
  execvp(command.at(0).c_str(), pointers(command).data());
  throw cannot_start(command, errno);
}

}  // namespace gridstride::driver
