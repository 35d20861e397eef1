#pragma once
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

// RFC 4514 text with letters beyond ASCII left as they are. Swift does not import casting macros.
static const unsigned long hb_name_flags = XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB;
