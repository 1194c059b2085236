"""What the demo community agrees on, in both of its languages."""

from config.demo.community import CONDUCT

CONDUCT_ES = """
1. **Habla desde tu casa.** Tu humedad, tu carta, tu casero. La historia de otra persona la cuenta
   ella: ni nombres, ni número de puerta, ni fotos de nadie sin un sí claro.
2. **Discute la idea y quédate en la sala.** Mañana te encuentras a esa persona en el ascensor.
3. **Nadie tiene que explicar de dónde es**, cuánto gana ni cómo vive para que le ayuden.
4. **No gritamos por escrito.** Si hacen falta más de tres mensajes, llama por teléfono o pide a Mo
   o a Grace que se sienten con vosotras.
5. **Lo que se dice en un grupo cerrado se queda dentro.** Sin capturas de pantalla.
6. **De caseros, agencias y patronos decimos lo que hicieron**, con fecha. No insultamos y no
   adivinamos.

## Cuando algo sale mal

Díselo a Mo Lindqvist o a Grace Okafor. Te escuchan en dos días. Empezamos hablando; podemos ocultar
un mensaje y, al final, pedir a alguien que deje un grupo. A quien se le pide se le explica por qué,
y puede recurrir ante dos personas que no tuvieron parte.
"""

PRIVACY = """
## What we keep of you, and why

* **Your e-mail**, to let you in and to tell you what matters. Nobody here sees it.
* **The name you chose**, and what you put on your page. You say who sees each of it.
* **Which groups you are in**, and what you wrote there.
* **What you said you would do**, so that promises are not lost.

We keep no home address, no phone number you did not give us, and nothing on where you looked.

## Who helps us

The server is ours and stands at the print co-operative. Our mail is sent by it. Nobody else gets
your data, and nothing is sold.

## What you can do

Read all of it, put it right, take it with you, and leave: on your page, at any time. When you
leave, your account is closed at once and your data goes within half a year. Questions: Grace
Okafor.
"""

PRIVACY_ES = """
## Qué guardamos de ti, y para qué

* **Tu correo**, para dejarte entrar y avisarte de lo que importa. Aquí no lo ve nadie.
* **El nombre que elegiste** y lo que pongas en tu página. Tú decides quién ve cada cosa.
* **En qué grupos estás** y lo que escribiste en ellos.
* **Lo que dijiste que harías**, para que las promesas no se pierdan.

No guardamos tu dirección, ni un teléfono que no nos diste, ni qué páginas miraste.

## Quién nos ayuda

El servidor es nuestro y está en la cooperativa de impresión. Él mismo envía el correo. Nadie más
recibe tus datos, y nada se vende.

## Qué puedes hacer

Leerlo todo, corregirlo, llevártelo y marcharte: en tu página, cuando quieras. Cuando te vas, tu
cuenta se cierra en el acto y tus datos se borran antes de medio año. Preguntas: Grace Okafor.
"""

PHOTOS = """
We may show photos in which you can be recognised: on our public pages and in our leaflet. You can
take this back here whenever you like; then we take the photos down within a week. What is printed
already we cannot take back.
"""

PHOTOS_ES = """
Podemos mostrar fotos en las que se te reconoce: en nuestras páginas públicas y en la hoja del
barrio. Puedes retirarlo aquí cuando quieras; entonces quitamos las fotos en una semana. Lo que ya
está impreso no lo podemos recoger.
"""

PAPERS = [
    {
        "kind": "conduct",
        "required": True,
        "ago": 400,
        "words": {
            "en": ("How we are with each other", CONDUCT.partition("\n\n")[2]),
            "es": ("Cómo nos tratamos", CONDUCT_ES),
        },
    },
    {
        "kind": "privacy",
        "required": True,
        "ago": 400,
        "words": {
            "en": ("What we keep of you", PRIVACY),
            "es": ("Qué guardamos de ti", PRIVACY_ES),
        },
    },
    {
        "kind": "consent",
        "required": False,
        "ago": 200,
        "words": {
            "en": ("Photos of you", PHOTOS),
            "es": ("Fotos en las que sales", PHOTOS_ES),
        },
    },
]

CHANGED = {
    "kind": "conduct",
    "days": 2,
    "changes": "Point 5 is new: what is said in a closed group stays in it. The assembly decided "
    "it in autumn.",
    "needed_in": 19,
}
"""A second version of the code of conduct, published two days ago."""

NOT_YET = "jo amina luis yusuf derek"
"""Who has not read it yet."""

PHOTOS_YES = "marisol rosa tom carmen piotr valentina dev"
