import type { Answer } from '../e2e/instance.ts'
import type { Outputs } from './cdk.ts'

/** What of the stacks' outputs a user of the stage needs. */
export type Deployed = {
  /** Where the emulator answers for API Gateway. */
  readonly url: string
  readonly userPoolId: string
  readonly clientId: string
}

const output = (outputs: Outputs, name: string): string => {
  for (const stack of Object.values(outputs)) {
    const value = Object.entries(stack).find(([key]) => key.endsWith(name))?.[1]
    if (value !== undefined) return value
  }
  throw new Error(`no stack has an output ${name}: ${JSON.stringify(outputs)}`)
}

export const deployedIn = (outputs: Outputs): Deployed => ({
  url: output(outputs, 'ApiUrl'),
  userPoolId: output(outputs, 'UserPoolId'),
  clientId: output(outputs, 'ClientId'),
})

export type Http = (token: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>

export const httpAt =
  (url: string): Http =>
  async (token, path, body, headers = {}) => {
    const response = await fetch(url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    try {
      return { status: response.status, headers: response.headers, json: JSON.parse(text) }
    } catch {
      throw new Error(`${path} answers ${response.status} with no JSON: ${text.slice(0, 500)}`)
    }
  }
