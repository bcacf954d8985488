// The functions that the rows of the codec table point to; those of a codec live in the file of its
// name.
#pragma once

#include "storage/codec/codec.h"

namespace stave {

std::optional<double> estimate_plain(const NodeProfile& profile);
void encode_plain(const NodeProfile& profile, NodeEncoder& encoder);
bool decode_plain(NodeDecoder& decoder, const NodeTarget& target);

std::optional<double> estimate_constant(const NodeProfile& profile);
void encode_constant(const NodeProfile& profile, NodeEncoder& encoder);
bool decode_constant(NodeDecoder& decoder, const NodeTarget& target);
bool pick_constant(NodeDecoder& decoder, const WantedRows& wanted, const NodeTarget& target);
bool test_constant(NodeDecoder& decoder, Physical kind, std::uint32_t rows, const ValueTest& test,
                   std::uint64_t* bits);

std::optional<double> estimate_packed(const NodeProfile& profile);
void encode_packed(const NodeProfile& profile, NodeEncoder& encoder);
bool decode_packed(NodeDecoder& decoder, const NodeTarget& target);
bool pick_packed(NodeDecoder& decoder, const WantedRows& wanted, const NodeTarget& target);
bool keep_packed_node(NodeDecoder& decoder, const KeptRows& kept, const NodeTarget& target);
bool test_packed(NodeDecoder& decoder, Physical kind, std::uint32_t rows, const ValueTest& test,
                 std::uint64_t* bits);

std::optional<double> estimate_plain_strings(const NodeProfile& profile);
void encode_plain_strings(const NodeProfile& profile, NodeEncoder& encoder);
bool decode_plain_strings(NodeDecoder& decoder, const NodeTarget& target);

std::optional<double> estimate_patched(const NodeProfile& profile);
void encode_patched(const NodeProfile& profile, NodeEncoder& encoder);
bool decode_patched(NodeDecoder& decoder, const NodeTarget& target);
bool pick_patched(NodeDecoder& decoder, const WantedRows& wanted, const NodeTarget& target);
bool keep_patched(NodeDecoder& decoder, const KeptRows& kept, const NodeTarget& target);
bool test_patched(NodeDecoder& decoder, Physical kind, std::uint32_t rows, const ValueTest& test,
                  std::uint64_t* bits);

std::optional<double> estimate_run_length(const NodeProfile& profile);
void encode_run_length(const NodeProfile& profile, NodeEncoder& encoder);
bool decode_run_length(NodeDecoder& decoder, const NodeTarget& target);

std::optional<double> estimate_delta(const NodeProfile& profile);
void encode_delta(const NodeProfile& profile, NodeEncoder& encoder);
bool decode_delta(NodeDecoder& decoder, const NodeTarget& target);

std::optional<double> estimate_most_frequent(const NodeProfile& profile);
void encode_most_frequent(const NodeProfile& profile, NodeEncoder& encoder);
bool decode_most_frequent(NodeDecoder& decoder, const NodeTarget& target);
bool pick_most_frequent(NodeDecoder& decoder, const WantedRows& wanted, const NodeTarget& target);
bool keep_most_frequent(NodeDecoder& decoder, const KeptRows& kept, const NodeTarget& target);
bool test_most_frequent(NodeDecoder& decoder, Physical kind, std::uint32_t rows,
                        const ValueTest& test, std::uint64_t* bits);

std::optional<double> estimate_byte_planes(const NodeProfile& profile);
void encode_byte_planes(const NodeProfile& profile, NodeEncoder& encoder);
bool decode_byte_planes(NodeDecoder& decoder, const NodeTarget& target);

std::optional<double> estimate_dictionary(const NodeProfile& profile);
void encode_dictionary(const NodeProfile& profile, NodeEncoder& encoder);
bool decode_dictionary(NodeDecoder& decoder, const NodeTarget& target);

std::optional<double> estimate_decimal(const NodeProfile& profile);
void encode_decimal(const NodeProfile& profile, NodeEncoder& encoder);
bool decode_decimal(NodeDecoder& decoder, const NodeTarget& target);

std::optional<double> estimate_front_coded(const NodeProfile& profile);
void encode_front_coded(const NodeProfile& profile, NodeEncoder& encoder);
bool decode_front_coded(NodeDecoder& decoder, const NodeTarget& target);

std::optional<double> estimate_narrow(const NodeProfile& profile);
void encode_narrow(const NodeProfile& profile, NodeEncoder& encoder);
bool decode_narrow(NodeDecoder& decoder, const NodeTarget& target);

std::optional<double> estimate_halves(const NodeProfile& profile);
void encode_halves(const NodeProfile& profile, NodeEncoder& encoder);
bool decode_halves(NodeDecoder& decoder, const NodeTarget& target);

std::optional<double> estimate_predicted(const NodeProfile& profile);
void encode_predicted(const NodeProfile& profile, NodeEncoder& encoder);
bool decode_predicted(NodeDecoder& decoder, const NodeTarget& target);
bool pick_predicted(NodeDecoder& decoder, const WantedRows& wanted, const NodeTarget& target);

std::optional<double> estimate_ranked(const NodeProfile& profile);
void encode_ranked(const NodeProfile& profile, NodeEncoder& encoder);
bool decode_ranked(NodeDecoder& decoder, const NodeTarget& target);
bool pick_ranked(NodeDecoder& decoder, const WantedRows& wanted, const NodeTarget& target);
bool keep_ranked(NodeDecoder& decoder, const KeptRows& kept, const NodeTarget& target);

std::optional<double> estimate_split(const NodeProfile& profile);
void encode_split(const NodeProfile& profile, NodeEncoder& encoder);
bool decode_split(NodeDecoder& decoder, const NodeTarget& target);
bool pick_split(NodeDecoder& decoder, const WantedRows& wanted, const NodeTarget& target);
bool keep_split(NodeDecoder& decoder, const KeptRows& kept, const NodeTarget& target);
bool test_split(NodeDecoder& decoder, Physical kind, std::uint32_t rows, const ValueTest& test,
                std::uint64_t* bits);

std::optional<double> estimate_repeats(const NodeProfile& profile);
void encode_repeats(const NodeProfile& profile, NodeEncoder& encoder);
bool decode_repeats(NodeDecoder& decoder, const NodeTarget& target);

std::optional<double> estimate_ascents(const NodeProfile& profile);
void encode_ascents(const NodeProfile& profile, NodeEncoder& encoder);
bool decode_ascents(NodeDecoder& decoder, const NodeTarget& target);
bool pick_ascents(NodeDecoder& decoder, const WantedRows& wanted, const NodeTarget& target);

}  // namespace stave
