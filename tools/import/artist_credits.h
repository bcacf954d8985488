// The rule of the music schema for catalogues without artist keys: the artists of a track are the
// names in its `artists` text, split at semicolons; the first one credited is the track's artist,
// all of them are in `track_artists`, and an artist's key is the name.
#pragma once

#include "tools/import/load.h"
#include "tools/import/row_targets.h"

namespace stave::loading {

// Whether the load is of such a catalogue. `files_have_artist_id`: some file names the artists'
// keys.
bool needs_artist_credits(const Schema& schema, const LoadTable& table, bool files_have_artists,
                          bool files_have_artist_id);

// After the tracks themselves were upserted: writes `artist_id` of the tracks that the load
// touched, the artists who were not known, and the tracks' rows of `track_artists` in place of
// earlier ones.
Result<void> derive_artist_credits(Load& load, const RowTargets& targets);

}  // namespace stave::loading
