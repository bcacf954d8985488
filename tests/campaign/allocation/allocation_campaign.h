// Runs an operation again and again, each time with another allocation failing, until none does.
#pragma once

#include <functional>
#include <string>

#include "stave/result.h"

namespace stave::campaign {

struct Operation {
  std::string name;
  std::function<Result<void>()> run;
  // Afterwards, whether it succeeded or not; empty where all is well.
  std::function<std::string(bool succeeded, bool for_good)> check = [](bool, bool) {
    return std::string();
  };
  // Before each run, with all the memory there is.
  std::function<void()> prepare = [] {};
};

// Every allocation of it fails once, and then from there on. It must end with kOutOfMemory or do
// what it is for; an exception that comes out ends the test.
void fail_every_allocation(const Operation& operation);

}  // namespace stave::campaign
