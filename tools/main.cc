// The `stave` binary: only the command line's way into the public interface.
#include <cstdio>

int main() {
  std::puts("stave");
  return 0;
}
