import type { ClientConfig } from 'pg'

/** A user at a database server. */
export type LoginTo = { readonly hostname: string; readonly port: number; readonly username: string }

/** Gives the password for one connection. */
export type PasswordOf = (login: LoginTo) => Promise<string>

const DEFAULT_PORT = 5432

export const userOf = (url: string): string => decodeURIComponent(new URL(url).username)

/**
 * How to connect to a URL. One without a password gets a new one from `passwordOf` for each connection, and only over TLS to a server
 * whose certificate is verified; without `passwordOf` it has none.
 */
export const connectionOf = (url: string, passwordOf?: PasswordOf): ClientConfig => {
  const { hostname, port, password, pathname } = new URL(url)
  if (passwordOf === undefined || password !== '') return { connectionString: url }
  const login = { hostname, port: port === '' ? DEFAULT_PORT : Number(port), username: userOf(url) }
  return {
    host: hostname,
    port: login.port,
    user: login.username,
    database: decodeURIComponent(pathname.slice(1)),
    password: () => passwordOf(login),
    ssl: { rejectUnauthorized: true },
  }
}
