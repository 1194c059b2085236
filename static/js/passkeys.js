// Passkeys: a form with data-passkey="login|get|create" asks the device for a key, then sends itself.
// The server's options travel as JSON with base64url for bytes, and so does the answer.

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0)).buffer

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')

const withBytes = (list) => list?.map((entry) => ({ ...entry, id: bytes(entry.id) }))

const forDevice = (options) => {
  const key = { ...options.publicKey, challenge: bytes(options.publicKey.challenge) }
  if (key.user) key.user = { ...key.user, id: bytes(key.user.id) }
  if (key.excludeCredentials) key.excludeCredentials = withBytes(key.excludeCredentials)
  if (key.allowCredentials) key.allowCredentials = withBytes(key.allowCredentials)
  return key
}

const forServer = (credential) => {
  const answer = credential.response
  const response = { clientDataJSON: text(answer.clientDataJSON) }
  for (const part of ['attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (answer[part]) response[part] = text(answer[part])
  }
  if (answer.getTransports) response.transports = answer.getTransports()
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  }
}

const ask = async (form) => {
  const kind = form.dataset.passkey
  if (kind === 'create') {
    const publicKey = forDevice(JSON.parse(form.dataset.options))
    publicKey.authenticatorSelection = {
      ...publicKey.authenticatorSelection,
      residentKey: 'required',
      requireResidentKey: true,
      userVerification: 'required',
    }
    return navigator.credentials.create({ publicKey })
  }
  let options
  if (kind === 'login') {
    const answer = await fetch(form.action, { headers: { Accept: 'application/json' } })
    if (!answer.ok) throw new Error('no options')
    options = (await answer.json()).request_options
  } else {
    options = JSON.parse(form.dataset.options)
  }
  return navigator.credentials.get({ publicKey: forDevice(options) })
}

for (const form of document.querySelectorAll('form[data-passkey]')) {
  if (!window.PublicKeyCredential) continue
  form.hidden = false
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const says = form.querySelector('[role=status]')
    try {
      form.elements.credential.value = JSON.stringify(forServer(await ask(form)))
      form.submit()
    } catch {
      if (says) says.textContent = form.dataset.failed
    }
  })
}
