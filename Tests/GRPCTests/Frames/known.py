"""Where the server knowingly does otherwise than a case claims, each with the reason.

A case of this list that begins to succeed fails the run, so that the list stays true.
"""

KNOWN = dict(
    rfc9113_4_2_continuation_too_large="""
        nghttp2 bounds the whole block, and not the length of a CONTINUATION frame.""",
    rfc9113_5_1_1_smaller_number="""
        nghttp2 does not keep which streams were never opened, and takes the number for that of a
        stream that was closed: what comes on it is discarded.""",
    rfc9113_6_3_stream_0="""
        nghttp2 does not look at PRIORITY when priorities are off, as they are here (RFC 9218).""",
    rfc9113_6_9_2_overflow_by_settings="""
        nghttp2 resets the streams whose windows overflow, with FLOW_CONTROL_ERROR, and goes on.""",
    rfc9113_8_3_1_user_information="""
        Said to senders; the server serves one authority and does nothing with its name.""",
    rfc9113_8_3_1_host_and_authority_differ="""
        A SHOULD, and gRPC has Host left out of account (gRFC A41); the server serves one authority
        and does nothing with its name.""",
)
