import type { LambdaEvent } from 'hono/aws-lambda'
import { vi } from 'vitest'
import type { FunctionName } from '../../../infra/lambda/functions.ts'
import { apiEvent, type Call } from '../../aws/events.ts'

/** Loads a function as Lambda does in a new execution environment: modules anew, and no variable of ours but these. */
export const loaded = async (
  name: FunctionName,
  environment: NodeJS.ProcessEnv,
): Promise<(event: unknown, context?: unknown) => Promise<unknown>> => {
  for (const variable of Object.keys(process.env)) {
    if (/^(DAYBOOK_(?!TEST_|WITHOUT_)|AWS_)/.test(variable)) delete process.env[variable]
  }
  for (const [variable, value] of Object.entries(environment)) if (value !== undefined) process.env[variable] = value
  vi.resetModules()
  const { handler } = await import(`../../../infra/lambda/${name}.ts`)
  return handler
}

/** Functions log to stdout, where nobody wants to read it. */
export const withoutLogs = (): void => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true)
}

export type Answered = {
  readonly status: number
  readonly json: unknown
  readonly text: string
  readonly headers: { readonly [name: string]: string | undefined }
}

type Result = {
  readonly statusCode: number
  readonly isBase64Encoded: boolean
  readonly body: string
  readonly multiValueHeaders: { readonly [name: string]: ReadonlyArray<string> }
}

/** Calls an API's function as API Gateway does, which would hand on as text what is encoded because it is none. */
export const calling =
  (handler: (event: LambdaEvent) => Promise<unknown>) =>
  async (method: string, target: string, call: Call = {}): Promise<Answered> => {
    const result = (await handler(apiEvent(method, target, call))) as Result
    const { statusCode, body, multiValueHeaders, isBase64Encoded } = result
    if (isBase64Encoded) throw new Error(`${method} ${target} answers what is no text`)
    const headers = Object.fromEntries(Object.entries(multiValueHeaders).map(([name, values]) => [name, values[0]]))
    const isJson = headers['content-type']?.includes('json') === true
    return { status: statusCode, json: isJson ? JSON.parse(body) : undefined, text: body, headers }
  }
