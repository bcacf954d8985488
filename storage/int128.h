// The 128-bit integer under decimals: exact money. `__extension__` keeps -Wpedantic quiet.
#pragma once

namespace stave {

__extension__ using Int128 = __int128;
__extension__ using UInt128 = unsigned __int128;

}  // namespace stave
