/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cli_key.h"

#include <openssl/pem.h>
#include <string.h>

static bool write_private(const char *path, EVP_PKEY *key)
{
	BIO *bio = BIO_new(BIO_s_secmem());
	char *text = NULL;
	long len = 0;
	bool ok = false;

	if(bio != NULL && PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1)
		len = BIO_get_mem_data(bio, &text);
	if(len > 0)
		ok = cli_must_write(path, 0600, (struct wims_pl){text, (size_t)len});
	else
		cli_fail("the key cannot be written as PEM");
	BIO_free(bio);
	return ok;
}

/* Goes into JSON as it is. */
static bool kid_ok(const char *kid)
{
	const char *c;

	for(c = kid; *c != '\0'; c++)
		if((unsigned char)*c < 0x21 || (unsigned char)*c > 0x7e || *c == '"' || *c == '\\')
			return false;
	return c > kid && c - kid <= 255;
}

static enum cli_status check(const struct cli_args *args)
{
	const char *alg = cli_arg(args, "--alg");
	const char *kid = cli_arg(args, "--kid");

	if(alg == NULL || cli_arg(args, "--out") == NULL)
		return cli_fail("key generate: --alg and --out are needed");
	if(cli_key_kind(alg) == NULL)
		return cli_fail("--alg %s: allowed are RS256, ES256, EdDSA", alg);
	if((kid == NULL) != (cli_arg(args, "--jwks-out") == NULL))
		return cli_fail("key generate: --jwks-out and --kid go together");
	if(kid != NULL && !kid_ok(kid))
		return cli_fail("--kid: allowed is printable ASCII without space, '\"' and '\\'");
	return CLI_OK;
}

static enum cli_status run(const struct cli_args *args)
{
	const char *jwks_out = cli_arg(args, "--jwks-out");
	enum cli_status status = check(args);
	char jwks[CLI_JWK_MAX + 400];
	EVP_PKEY *key;

	if(status != CLI_OK)
		return status;
	if((key = cli_key_make(cli_key_kind(cli_arg(args, "--alg")))) == NULL)
		return cli_fail("the key cannot be made");
	if(jwks_out != NULL
	   && (!cli_key_jwks(jwks, sizeof(jwks), key, cli_arg(args, "--kid"))
		   || !cli_must_write(jwks_out, 0644, wims_pl_str(jwks))))
		status = CLI_USAGE;
	if(status == CLI_OK && !write_private(cli_arg(args, "--out"), key))
		status = CLI_USAGE;
	EVP_PKEY_free(key);
	return status;
}

static const struct cli_option options[] = {
		{"--alg", "NAME", "RS256, ES256 or EdDSA"},
		{"--out", "FILE", "the private key: PEM, PKCS #8, mode 0600"},
		{"--jwks-out", "FILE", "the public key as a JWK set"},
		{"--kid", "ID", "the key's name in that set"},
		{0},
};

const struct cli_command cli_key_generate = {
		.name = "key generate",
		.summary = "make a key pair to sign tokens with",
		.details = "Files that exist are not overwritten.",
		.options = options,
		.run = run,
};
