// See morsel_shares.h.
#include "engine/scan/morsel_shares.h"

#include <algorithm>

namespace stave {
namespace {

// Threads that end at different times wait for one of so many shares.
constexpr std::size_t kSharesForThread = 16;

}  // namespace

std::vector<MorselShare> share_morsels(std::vector<Morsel>& morsels, std::size_t most,
                                       int threads) {
  const std::size_t fair = morsels.size() / (kSharesForThread * static_cast<std::size_t>(threads));
  most = std::clamp<std::size_t>(fair, 1, most);
  std::vector<MorselShare> shares;
  for (std::size_t begin = 0; begin < morsels.size();) {
    std::size_t end = begin + 1;
    while (end < morsels.size() && end - begin < most &&
           morsels[end].segment == morsels[begin].segment) {
      ++end;
    }
    for (std::size_t i = begin; i < end; ++i) {
      morsels[i].blocks_ahead = morsels[end - 1].block - morsels[i].block;
    }
    shares.push_back({begin, end});
    begin = end;
  }
  return shares;
}

}  // namespace stave
