import { createECDH, type KeyObject } from 'node:crypto'

/** Order of P-256's base point (NIST SP 800-186, section 3.2.1.3). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

const numberOf = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex')}`)

const power = (base: bigint, exponent: bigint): bigint => {
  let [result, square] = [1n, base]
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % ORDER
    square = (square * square) % ORDER
  }
  return result
}

/** INTEGER of DER: no leading zeros, and one where the number would read as negative. */
const derInteger = (value: bigint): Buffer => {
  const hex = value.toString(16)
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
  const body = (bytes[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.from([0]), bytes]) : bytes
  return Buffer.concat([Buffer.from([0x02, body.length]), body])
}

/** ECDSA on P-256 over a digest as it is (FIPS 186-5, section 6.4.1), in DER: Node itself only signs what it has digested. */
export const signDigest = (key: KeyObject, digest: Buffer): Buffer => {
  const ephemeral = createECDH('prime256v1')
  const point = ephemeral.generateKeys()
  const r = numberOf(point.subarray(1, 33)) % ORDER
  const secret = numberOf(Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url'))
  const inverse = power(numberOf(ephemeral.getPrivateKey()), ORDER - 2n)
  const s = (inverse * (numberOf(digest) + r * secret)) % ORDER
  const body = Buffer.concat([derInteger(r), derInteger(s)])
  return Buffer.concat([Buffer.from([0x30, body.length]), body])
}
