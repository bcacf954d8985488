// See the header.
#include "engine/aggregate/joined_scopes.h"

#include <algorithm>
#include <map>
#include <utility>

#include "engine/aggregate/key_columns.h"

namespace stave {
namespace {

// Whatever the number of threads, so that it does not decide in what order groups come.
constexpr std::size_t kFewestScopes = 8;
constexpr std::uint64_t kLargestShare = 4;  // of the rows: one of so many

}  // namespace

Result<std::optional<std::vector<Scope>>> join_scopes(const KeyPlan& plan,
                                                      std::vector<Scope> scopes,
                                                      const Pipeline& input,
                                                      ExecutionContext& context) {
  if (scopes.size() < kFewestScopes) return std::nullopt;
  auto codes = scope_key_codes(plan, scopes, input, context);
  if (!codes) return pass(codes);
  std::map<std::vector<std::uint32_t>, std::size_t> known;
  std::vector<Scope> joined;
  std::uint64_t rows = 0;
  for (std::size_t scope = 0; scope < scopes.size(); ++scope) {
    std::vector<std::uint32_t> key;
    for (const std::vector<std::uint32_t>& column : *codes) key.push_back(column[scope]);
    rows += scopes[scope].rows;
    const auto [place, is_new] = known.emplace(std::move(key), joined.size());
    if (is_new) {
      joined.push_back(std::move(scopes[scope]));
      continue;
    }
    Scope& to = joined[place->second];
    to.rows += scopes[scope].rows;
    to.morsels.insert(to.morsels.end(), scopes[scope].morsels.begin(), scopes[scope].morsels.end());
  }
  const bool is_uneven = std::ranges::any_of(
      joined, [&](const Scope& scope) { return scope.rows > rows / kLargestShare; });
  if (joined.size() < kFewestScopes || is_uneven) return std::nullopt;
  return joined;
}

}  // namespace stave
