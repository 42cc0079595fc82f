/** Fields of a log line; an `error` is written with its stack and causes. */
export type LogFields = { readonly [field: string]: unknown }

export type Logger = {
  readonly info: (message: string, fields?: LogFields) => void
  readonly warn: (message: string, fields?: LogFields) => void
  readonly error: (message: string, fields?: LogFields) => void
}

const plain = (value: unknown): unknown =>
  value instanceof Error
    ? {
        name: value.name,
        message: value.message,
        stack: value.stack,
        ...(value.cause !== undefined && { cause: plain(value.cause) }),
      }
    : value

/** JSON lines, one an event, as log collectors read them. */
export const jsonLogger = (service: string, write: (line: string) => void, clock: () => Date): Logger => {
  const at =
    (level: string) =>
    (message: string, fields: LogFields = {}) => {
      const values = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, plain(value)]))
      write(`${JSON.stringify({ time: clock().toISOString(), level, service, message, ...values })}\n`)
    }
  return { info: at('info'), warn: at('warn'), error: at('error') }
}

export const silentLogger: Logger = { info: () => {}, warn: () => {}, error: () => {} }
