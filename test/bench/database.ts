import { ownerPool } from '../../infra/postgres/pool.ts'

/** Makes an empty database on the server that `url` leads to; answers its URL. */
export const createDatabase = async (url: string, name: string): Promise<string> => {
  const pool = ownerPool(url, { max: 1 })
  try {
    await pool.query(`CREATE DATABASE ${name}`)
  } finally {
    await pool.end()
  }
  const created = new URL(url)
  created.pathname = `/${name}`
  return created.href
}
