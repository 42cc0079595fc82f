import type { Problem } from '../../schemas/problem.ts'

/** An RFC 9457 response; `type` is about:blank's sibling, a URN made of the stable code. */
export const problemResponse = ({ headers, ...members }: Problem, correlationId: string): Response =>
  new Response(JSON.stringify({ type: `urn:daybook:problem:${members.code}`, ...members, correlationId }), {
    status: members.status,
    headers: { 'Content-Type': 'application/problem+json', ...headers },
  })
