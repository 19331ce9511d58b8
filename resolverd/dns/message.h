#ifndef DNS_MESSAGE_H
#define DNS_MESSAGE_H

/*
 * The constants of the message format, in the words of RFC 1035, RFC 6891,
 * RFC 8914 and IANA's registry.
 */

enum {
	HEADER_SIZE = 12,
	MESSAGE_MAX = 65535,
	UDP_SIZE_CLASSIC = 512, /* RFC 1035 section 4.2.1 */
	UDP_SIZE_SAFE = 1232,	/* fits any path without fragments */
	OPT_SIZE = 11,		/* an OPT record without options */
	QUERY_MAX = 4096,	/* a longer query is nobody's honest one */
};

/* The first flag octet and the second, as masks of the 16-bit word. */
enum {
	FLAG_QR = 0x8000,
	FLAG_OPCODE = 0x7800,
	FLAG_AA = 0x0400,
	FLAG_TC = 0x0200,
	FLAG_RD = 0x0100,
	FLAG_RA = 0x0080,
	FLAG_Z = 0x0040,
	FLAG_AD = 0x0020,
	FLAG_CD = 0x0010,
	FLAG_RCODE = 0x000f,
};

enum { EDNS_DO = 0x8000 };

enum opcode { OPCODE_QUERY = 0 };

enum rcode {
	RCODE_NOERROR = 0,
	RCODE_FORMERR = 1,
	RCODE_SERVFAIL = 2,
	RCODE_NXDOMAIN = 3,
	RCODE_NOTIMP = 4,
	RCODE_REFUSED = 5,
	RCODE_BADVERS = 16,
	RCODE_BADCOOKIE = 23,
};

enum rrclass { CLASS_IN = 1, CLASS_CH = 3, CLASS_ANY = 255 };

enum rrtype {
	TYPE_A = 1,
	TYPE_NS = 2,
	TYPE_MD = 3,
	TYPE_MF = 4,
	TYPE_CNAME = 5,
	TYPE_SOA = 6,
	TYPE_MB = 7,
	TYPE_MG = 8,
	TYPE_MR = 9,
	TYPE_PTR = 12,
	TYPE_HINFO = 13,
	TYPE_MINFO = 14,
	TYPE_MX = 15,
	TYPE_TXT = 16,
	TYPE_RP = 17,
	TYPE_AFSDB = 18,
	TYPE_RT = 21,
	TYPE_SIG = 24,
	TYPE_PX = 26,
	TYPE_AAAA = 28,
	TYPE_NXT = 30,
	TYPE_SRV = 33,
	TYPE_NAPTR = 35,
	TYPE_KX = 36,
	TYPE_DNAME = 39,
	TYPE_OPT = 41,
	TYPE_DS = 43,
	TYPE_SSHFP = 44,
	TYPE_IPSECKEY = 45,
	TYPE_RRSIG = 46,
	TYPE_NSEC = 47,
	TYPE_DNSKEY = 48,
	TYPE_NSEC3 = 50,
	TYPE_TLSA = 52,
	TYPE_SVCB = 64,
	TYPE_HTTPS = 65,
	TYPE_SPF = 99,
	TYPE_TKEY = 249,
	TYPE_TSIG = 250,
	TYPE_IXFR = 251,
	TYPE_AXFR = 252,
	TYPE_MAILB = 253,
	TYPE_MAILA = 254,
	TYPE_ANY = 255,
	TYPE_CAA = 257,
};

enum { OPTION_COOKIE = 10, OPTION_PADDING = 12, OPTION_EDE = 15 };

/* Extended DNS Errors, RFC 8914 section 4. */
enum ede {
	EDE_NONE = -1,
	EDE_OTHER = 0,
	EDE_STALE_ANSWER = 3,
	EDE_CACHED_ERROR = 13,
	EDE_FILTERED = 17,
	EDE_PROHIBITED = 18,
	EDE_NOT_AUTHORITATIVE = 20,
	EDE_NOT_SUPPORTED = 21,
	EDE_NO_REACHABLE_AUTHORITY = 22,
	EDE_NETWORK_ERROR = 23,
	EDE_INVALID_DATA = 24,
};

enum section { SECTION_ANSWER, SECTION_AUTHORITY, SECTION_ADDITIONAL };

/* How a message came, or is to go. */
enum transport { TRANSPORT_UDP, TRANSPORT_TCP };

#endif
