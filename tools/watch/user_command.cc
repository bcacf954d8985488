// The input is a file and no pipe: a command that does not read it can neither block the watch nor
// be ended by it.
#include "tools/watch/user_command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace stave::watching {

namespace {

// The child gets the signals' default actions, whatever this process does with them.
struct ChildSetup {
  explicit ChildSetup(const std::string& input_path) {
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input_path.c_str(), O_RDONLY, 0);
    posix_spawnattr_init(&attributes);
    sigset_t defaults;
    sigemptyset(&defaults);
    for (const int signal : {SIGPIPE, SIGINT, SIGTERM}) sigaddset(&defaults, signal);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  }
  ~ChildSetup() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  ChildSetup(const ChildSetup&) = delete;
  ChildSetup& operator=(const ChildSetup&) = delete;

  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
};

}  // namespace

Result<int> run_user_command(const std::string& command, const std::string& input_path) {
  const ChildSetup setup(input_path);
  std::string shell = "sh";
  std::string option = "-c";
  std::string script = command;
  const std::array<char*, 4> arguments{shell.data(), option.data(), script.data(), nullptr};
  pid_t child = 0;
  const int started =
      posix_spawn(&child, "/bin/sh", &setup.actions, &setup.attributes, arguments.data(), environ);
  if (started != 0) {
    return fail(ErrorCode::kIo, fmt::format("Could not start a command: {} ({}). Check that "
                                            "/bin/sh is there.",
                                            command, std::strerror(started)));
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno == EINTR) continue;
    return fail(ErrorCode::kIo, fmt::format("Could not wait for a command: {} ({}).", command,
                                            std::strerror(errno)));
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace stave::watching
