import { ApiError } from '../transport/api-error';

/** Whoever waits for the person to sign in anew. */
interface Waiting {
  readonly settle: (signedIn: boolean) => void;
}

let waiting = $state.raw<Waiting | undefined>();

export function freshSignInIsAsked(): boolean {
  return waiting !== undefined;
}

/** The person did, or would not. */
export function settleFreshSignIn(signedIn: boolean): void {
  waiting?.settle(signedIn);
  waiting = undefined;
}

/** For what the server does only for who has just signed in: asks for that where it must, and goes on. Throws the refusal where the person would not. */
export async function withFreshSignIn<Result>(doing: () => Promise<Result>): Promise<Result> {
  try {
    return await doing();
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'sign-in-too-old') throw error;
    settleFreshSignIn(false);
    const signedIn = await new Promise<boolean>((settle) => (waiting = { settle }));
    if (!signedIn) throw error;
    return doing();
  }
}
