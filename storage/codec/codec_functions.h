// The functions that the rows of the codec table point to; each trio lives in the file of its name.
#pragma once

#include "storage/codec/codec.h"

namespace stave {

std::optional<double> estimate_plain(const NodeProfile& profile);
void encode_plain(const NodeValues& values, NodeEncoder& encoder);
bool decode_plain(NodeDecoder& decoder, const NodeTarget& target);

std::optional<double> estimate_constant(const NodeProfile& profile);
void encode_constant(const NodeValues& values, NodeEncoder& encoder);
bool decode_constant(NodeDecoder& decoder, const NodeTarget& target);

std::optional<double> estimate_packed(const NodeProfile& profile);
void encode_packed(const NodeValues& values, NodeEncoder& encoder);
bool decode_packed(NodeDecoder& decoder, const NodeTarget& target);

std::optional<double> estimate_plain_strings(const NodeProfile& profile);
void encode_plain_strings(const NodeValues& values, NodeEncoder& encoder);
bool decode_plain_strings(NodeDecoder& decoder, const NodeTarget& target);

}  // namespace stave
