/** Options and answers travel as JSON (WebAuthn Level 3, section 5.1.8 to 5.1.10); bytes in them are base64url. */
export type JsonObject = Readonly<Record<string, unknown>>;

export type PasskeyOutcome =
  { readonly kind: 'made'; readonly credential: JsonObject } | { readonly kind: 'cancelled' } | { readonly kind: 'impossible' };

export function passkeysArePossible(): boolean {
  return window.isSecureContext && typeof PublicKeyCredential === 'function';
}

export function makePasskey(publicKey: unknown): Promise<PasskeyOutcome> {
  return ask(() =>
    navigator.credentials.create({ publicKey: readOptions(publicKey as JsonObject) as unknown as PublicKeyCredentialCreationOptions }),
  );
}

export function usePasskey(publicKey: unknown): Promise<PasskeyOutcome> {
  return ask(() => navigator.credentials.get({ publicKey: readOptions(publicKey as JsonObject) as unknown as PublicKeyCredentialRequestOptions }));
}

/**
 * What the passkey's PRF (WebAuthn level 3, section 10.1.4) makes of the salt: the same each time, and known to nobody else. No server looks at the answer: the challenge is for nobody.
 * @returns Null where the person closed the question, or the authenticator has no such function.
 */
export async function askPasskeyForSecret(salt: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    const challenge = crypto.getRandomValues(new Uint8Array(32));
    const credential = await navigator.credentials.get({
      publicKey: { challenge, userVerification: 'required', extensions: { prf: { eval: { first: salt } } } },
    });
    if (!(credential instanceof PublicKeyCredential)) return null;
    const first = credential.getClientExtensionResults().prf?.results?.first;
    return first === undefined ? null : new Uint8Array(ArrayBuffer.isView(first) ? new Uint8Array(first.buffer).slice() : first);
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}

async function ask(request: () => Promise<Credential | null>): Promise<PasskeyOutcome> {
  try {
    const credential = await request();
    return credential instanceof PublicKeyCredential ? { kind: 'made', credential: writeCredential(credential) } : { kind: 'cancelled' };
  } catch (error) {
    // Closed by the person, or nothing on this device fits: the browser tells both in the same way, on purpose.
    if (error instanceof DOMException && (error.name === 'NotAllowedError' || error.name === 'AbortError')) return { kind: 'cancelled' };
    return { kind: 'impossible' };
  }
}

/** Not every browser that has passkeys has the parsing of JSON built in: the few fields that hold bytes are read here. */
function readOptions(options: JsonObject): JsonObject {
  const withBytes = (descriptor: unknown): unknown => ({ ...(descriptor as JsonObject), id: toBytes((descriptor as JsonObject)['id']) });
  const list = (value: unknown): unknown => (Array.isArray(value) ? value.map(withBytes) : undefined);
  return {
    ...options,
    challenge: toBytes(options['challenge']),
    ...(options['user'] ? { user: withBytes(options['user']) } : {}),
    ...(options['allowCredentials'] ? { allowCredentials: list(options['allowCredentials']) } : {}),
    ...(options['excludeCredentials'] ? { excludeCredentials: list(options['excludeCredentials']) } : {}),
  };
}

function writeCredential(credential: PublicKeyCredential): JsonObject {
  const { response } = credential;
  const common = {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
  if (response instanceof AuthenticatorAttestationResponse) {
    return {
      ...common,
      response: {
        clientDataJSON: toText(response.clientDataJSON),
        attestationObject: toText(response.attestationObject),
        transports: response.getTransports(),
      },
    };
  }
  const assertion = response as AuthenticatorAssertionResponse;
  return {
    ...common,
    response: {
      clientDataJSON: toText(assertion.clientDataJSON),
      authenticatorData: toText(assertion.authenticatorData),
      signature: toText(assertion.signature),
      ...(assertion.userHandle ? { userHandle: toText(assertion.userHandle) } : {}),
    },
  };
}

export function toBytes(base64Url: unknown): Uint8Array<ArrayBuffer> {
  const text = typeof base64Url === 'string' ? base64Url : '';
  return Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (character) => character.charCodeAt(0));
}

export function toText(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');
}
