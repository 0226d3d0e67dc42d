/** Someone who calls the API over a real socket. */

/** An answer with its parsed body; `body` is what JSON gave, which tests compare with `toEqual` or `toMatchObject`. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** A parsed JSON body that tests may look into freely. */
export interface Body {
  readonly [field: string]: Body & string & number & boolean & Body[];
}

export interface CallOptions {
  readonly key?: string;
  readonly language?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A body that is sent as it is. */
  readonly raw?: string;
}

export interface Caller {
  readonly userId: string;
  readonly token: string | null;
  call(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Answered>;
  get(path: string, options?: CallOptions): Promise<Answered>;
  post(path: string, body?: unknown, options?: CallOptions): Promise<Answered>;
  patch(path: string, body?: unknown, options?: CallOptions): Promise<Answered>;
}

/** Trusts the API with the shape of its bodies: what is not there reads as undefined, and the test says so. */
const parse: (text: string) => Body = JSON.parse;

export function createCaller(baseUrl: string, userId: string, token: string | null): Caller {
  const call = async (method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<Answered> => {
    const payload = options.raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
        ...(options.key === undefined ? {} : { 'idempotency-key': options.key }),
        ...(options.language === undefined ? {} : { 'accept-language': options.language }),
        ...options.headers,
      },
      ...(payload === undefined ? {} : { body: payload }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, headers: response.headers, body: parse(isJson ? text : JSON.stringify({ text })) };
  };
  return {
    userId,
    token,
    call,
    get: (path, options) => call('GET', path, undefined, options),
    post: (path, body, options) => call('POST', path, body, options),
    patch: (path, body, options) => call('PATCH', path, body, options),
  };
}
