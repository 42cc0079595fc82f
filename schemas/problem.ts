import type { Fault } from './decode.ts'

/** An RFC 9457 problem. `code` is stable; `title` may be reworded. */
export type Problem = {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail?: string
  readonly errors?: ReadonlyArray<Fault>
  readonly headers?: { readonly [name: string]: string }
}

export const problem = (
  status: number,
  code: string,
  title: string,
  more: Pick<Problem, 'detail' | 'errors' | 'headers'> = {},
): Problem => ({ status, code, title, ...more })
