"""The sections of h2spec (github.com/summerwind/h2spec, which tests RFC 7540), each with the cases
here that stand for its own, in its order.

What RFC 9113 changed:

- The upgrade from HTTP/1.1 (http2 3.2) is gone; `rfc9113_3_1_upgrade_is_gone`.
- An endpoint may discard what comes on a closed stream instead of ending the connection (5.1), and
  nghttp2 discards DATA and HEADERS. The cases hold it to what discarding means: the dynamic table
  and the connection's window stay right.
- Priorities are deprecated: a PRIORITY frame of a stream on itself (5.3.1) is no error any more.
"""

H2SPEC = {
    "generic 1": "3_4_preface",
    "generic 2": """
        5_1_idle_priority 5_1_half_closed_window_update 5_1_half_closed_priority
        5_1_half_closed_rst_stream 5_1_closed_priority""",
    "generic 3.1": "6_1_data_in_many_frames 6_1_data_in_many_frames 6_1_padding",
    "generic 3.2": "8_3_1_host 6_2_padding 6_2_priority",
    "generic 3.3": """
        6_3_priorities 6_3_priorities 6_3_priorities 6_3_priorities
        6_3_idle_stream_then_a_lower_one""",
    "generic 3.4": "6_4_reset_ends_a_call",
    "generic 3.5": "6_5_settings",
    "generic 3.7": "6_7_ping",
    "generic 3.8": "6_8_with_no_call_running",
    "generic 3.9": "6_9_window_updates 6_9_window_updates",
    "generic 3.10": "6_10_split_at_every_byte 6_10_continuations",
    "generic 4": "8_1_get 8_1_head 6_1_data_in_many_frames 8_1_trailers",
    "generic 5": """
        rfc7541_6_1_static_index rfc7541_6_1_dynamic_index rfc7541_6_2_1_incremental_indexing
        rfc7541_6_2_2_without_indexing rfc7541_6_2_3_never_indexed rfc7541_6_3_update
        rfc7541_6_3_several_updates""",
    "http2 3.5": "3_4_preface 3_4_invalid_preface",
    "http2 4.1": "4_1_unknown_type_on_the_connection 4_1_undefined_flags 4_1_reserved_bit",
    "http2 4.2": "4_2_largest_data 4_2_data_too_large 4_2_headers_too_large",
    "http2 4.3": """
        4_3_invalid_block 4_3_priority_inside_a_block
        4_3_headers_of_another_stream_inside_a_block""",
    "http2 5.1": """
        5_1_idle_data 5_1_idle_rst_stream 5_1_idle_window_update 5_1_idle_continuation
        5_1_half_closed_data 5_1_half_closed_headers 5_1_half_closed_continuation
        5_1_reset_data 5_1_reset_headers 5_1_reset_continuation
        5_1_closed_data 5_1_closed_headers 5_1_closed_continuation""",
    "http2 5.1.1": "5_1_1_even_number 5_1_1_smaller_number",
    "http2 5.1.2": "5_1_2_too_many_streams",
    "http2 5.3.1": "5_3_headers_depend_on_themselves 5_3_priority_of_itself",
    "http2 5.4.1": "6_7_wrong_length 5_4_1_goaway_names_the_last_stream",
    "http2 5.5": "5_5_extension_frame 5_5_extension_frame_inside_a_block",
    "http2 6.1": """
        6_1_data_on_stream_0 5_1_half_closed_data 6_1_padding_longer_than_the_payload""",
    "http2 6.2": """
        6_2_incomplete_then_priority 4_3_headers_of_another_stream_inside_a_block
        6_2_stream_0 6_2_padding_longer_than_the_payload""",
    "http2 6.3": "6_3_stream_0 6_3_wrong_length",
    "http2 6.4": "6_4_stream_0 6_4_idle_stream 6_4_wrong_length",
    "http2 6.5": "6_5_acknowledgement_with_payload 6_5_on_a_stream 6_5_wrong_length",
    "http2 6.5.2": """
        6_5_2_enable_push_of_2 6_5_2_window_too_large 6_5_2_frame_size_too_small
        6_5_2_frame_size_too_large 6_5_2_unknown_setting""",
    "http2 6.5.3": "6_5_3_last_value_counts 6_5_3_each_is_acknowledged",
    "http2 6.7": "6_7_ping 6_7_acknowledgement 6_7_on_a_stream 6_7_wrong_length",
    "http2 6.8": "6_8_on_a_stream",
    "http2 6.9": "6_9_increment_of_0 6_9_increment_of_0_on_a_stream 6_9_wrong_length",
    "http2 6.9.1": "6_9_1_window_of_1 6_9_1_overflow 6_9_1_overflow_on_a_stream",
    "http2 6.9.2": """
        6_9_2_window_after_the_headers 6_9_2_negative_window 6_5_2_window_too_large""",
    "http2 6.10": """
        6_10_continuations 6_10_then_another_frame 6_10_stream_0 6_10_after_complete_headers
        6_10_after_a_complete_continuation 6_10_after_data""",
    "http2 7": "7_unknown_code_of_goaway 7_unknown_code_of_rst_stream",
    "http2 8.1": "8_1_second_headers_without_end_stream",
    "http2 8.1.2": "8_2_upper_case",
    "http2 8.1.2.1": """
        8_3_unknown_pseudo_header 8_3_pseudo_header_of_answers 8_3_pseudo_header_in_trailers
        8_3_pseudo_header_after_another_field""",
    "http2 8.1.2.2": "8_2_2_connection_fields 8_2_2_te",
    "http2 8.1.2.3": """
        8_3_1_empty_path 8_3_1_missing 8_3_1_missing 8_3_1_missing 8_3_1_twice 8_3_1_twice
        8_3_1_twice""",
    "http2 8.1.2.6": """
        8_1_1_wrong_content_length 8_1_1_wrong_content_length_over_several_frames""",
    "http2 8.2": "6_6_push_promise",
    "hpack 2.3.3": """
        rfc7541_2_3_3_index_beyond_the_tables rfc7541_2_3_3_name_beyond_the_tables""",
    "hpack 4.2": "rfc7541_4_2_update_at_the_end",
    "hpack 5.2": """
        rfc7541_5_2_padding_longer_than_7_bits rfc7541_5_2_padding_of_zeros
        rfc7541_5_2_end_of_string""",
    "hpack 6.1": "rfc7541_6_1_index_0",
    "hpack 6.3": "rfc7541_6_3_update_beyond_the_limit",
}


def names(section):
    """The cases that stand for a section."""
    for name in H2SPEC[section].split():
        yield name if name.startswith("rfc") else "rfc9113_" + name
