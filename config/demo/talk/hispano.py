"""Lo que se habla en Hispanohablantes."""

from config.demo.shapes import Picture, Reply, Say, Topic

TOPICS = [
    Topic(
        "cartas-subida",
        "hispano",
        "carmen",
        "talk",
        "8d 11:30",
        "La carta de la subida, leída despacio",
        """
La hemos leído entre cuatro, con Miriam al teléfono. Os la cuento como se la conté a mi hermana.

**Qué dice.** Que desde el primer día del trimestre pagas un 9,4 por ciento más.

**Qué no dice, y debería.** Que puedes oponerte, y hasta cuándo. Falta esa frase. Las cartas de hace
dos años sí la llevaban.

**Qué hacemos.**

1. No se firma. No se contesta sola ni solo.
2. Se guarda el sobre. La fecha del sello importa.
3. Se trae el domingo, o se sube aquí tapando el nombre y el piso.
4. Si te llaman por teléfono: «Gracias, lo estoy mirando, ¿me lo puede poner por escrito?». Y
   cuelgas. Con educación, pero cuelgas.

Quien no sepa leer bien el inglés, que no se disculpe. La carta está mal escrita también en inglés.
""",
        "❤️ teresa raul luz ana luis marisol 🙏 mateo valentina lucia 👍 ines hector",
        pinned=True,
        files=("frase-para-el-telefono.pdf",),
        says=(
            Say(
                "teresa",
                "1h",
                "He practicado la frase del teléfono con mi hijo haciendo de señor de la "
                "empresa. Cuelga él antes que yo.",
                "🎉 carmen ana lucia ❤️ marisol",
            ),
            Say("raul", "3h", "¿Y si vienen a la puerta?"),
            Reply(
                "luis",
                "20m",
                "No estás obligado a abrir. Y si abres, me tocas en la pared y bajo.",
                "🙏 raul 💪 hector",
            ),
            Say(
                "nacho",
                "1d 20:00",
                "A mí me llamaron. Dije la frase. Silencio. «Bueno… vale». No han vuelto a llamar.",
                "🎉 carmen teresa mateo ana",
            ),
            Say(
                "gloria",
                "4h",
                "La he repasado: dos acentos y una coma. Por lo demás, Carmen, impecable.",
                "❤️ carmen",
            ),
        ),
    ),
    Topic(
        "domingo-patio",
        "hispano",
        "carmen",
        "talk",
        "4d 12:00",
        "El domingo a las doce, en el patio. Abro yo",
        """
Esta vez abro y cierro yo, y Marisol llega cuando llegue.

Orden del día, cortito:

- Las cartas: cuántas tenemos y qué contestamos todas juntas.
- Turnos de puertas con gente que habla español. Faltan dos los lunes.
- Luz, que es nueva y cuida a mi vecina de arriba. Recibidla bien.
- La pancarta de las cinco lenguas: necesito manos y un metro más de tela roja.

Si llueve, en la biblioteca. Hay estufa y no se puede comer, así que comed antes.
""",
        "👍 ana luis mateo teresa ❤️ luz valentina pablo",
        says=(
            Say("luz", "2h", "Gracias. Iré. Me da un poco de vergüenza no conocer a nadie."),
            Reply(
                "valentina",
                "30m",
                "A mí me conoces desde ahora. Te espero en la puerta, llevo un gorro verde y "
                "una niña de la mano.",
                "❤️ luz carmen",
            ),
            Say(
                "pablo",
                "3h",
                "Llevo empanadas, para antes de la biblioteca.",
                "🎉 luis mateo nacho",
            ),
            Say(
                "ana",
                "1d 21:10",
                "Los lunes puedo yo cada dos semanas. Falta una persona.",
                "👍 luis carmen",
            ),
            Reply(
                "hector",
                "12h",
                "Yo no subo escaleras, pero puedo estar abajo con la lista. Abajo también hace "
                "falta alguien.",
                "❤️ ana carmen luis",
            ),
        ),
    ),
    Topic(
        "traducir-vaho",
        "hispano",
        "ines",
        "question",
        "13d 16:20",
        "¿Cómo decís «damp» en vuestra casa?",
        """
Para el guion de las visitas. «Humedad» lo entiende todo el mundo, pero en inglés distinguen la
mancha de abajo, el moho y el vaho de la ventana, y aquí cada quien lo llama de una manera.
""",
        answer=3,
        says=(
            Say("mateo", "20m", "Hongos."),
            Say("hector", "1h", "Salitre, si es de abajo y hace polvo blanco."),
            Say("teresa", "30m", "En mi casa: «la pared otra vez»."),
            Say(
                "valentina",
                "2h",
                "Yo preguntaría con el dedo: ¿moja, mancha o huele? Eso lo contesta "
                "cualquiera, y son justo las tres cosas.",
                "👍 ines mateo carmen 🎉 lucia",
            ),
            Reply(
                "ines",
                "10m",
                "@valentina, acabas de arreglar también la versión portuguesa. *Molha, mancha "
                "ou cheira?*",
                "❤️ valentina",
            ),
            Say(
                "ana",
                "3h",
                "Ponedla también en la inglesa: *wet, stained or smelly?* Andrei dice que sí.",
                "🎉 ines",
            ),
        ),
    ),
    Topic(
        "mi-primera-puerta",
        "hispano",
        "mateo",
        "experience",
        "18d 22:00",
        "Mi primera puerta, contada por el que sudaba",
        """
Lunes, seis y media, Willow House, segundo piso. Luis toca, yo sostengo la carpeta como si fuera un
escudo.

Abre una señora con un bebé. Luis dice: «Buenas tardes, somos del sindicato de inquilinas, ¿qué tal
está la calefacción?». **Y se calla.** Yo cuento hasta nueve. Nueve segundos son larguísimos.

Y ella empieza a hablar y no para.

## Lo que aprendí

- La pregunta es corta y el silencio es largo.
- No hay que llevar la razón, hay que llevar bolígrafo.
- Cuando dijo «no quiero problemas», Luis no la convenció. Le dijo: «Yo tampoco». Y entonces
  hablaron de verdad.
- Quedamos en volver el jueves con la hoja de la caldera. Volvimos el jueves. Creo que eso fue lo
  importante.
""",
        "❤️ luis marisol carmen ana teresa valentina 💪 hector nacho 🎉 lucia",
        says=(
            Say("luis", "30m", "Sudabas, pero abriste tú la segunda puerta.", "❤️ mateo"),
            Say(
                "lucia",
                "2h",
                "«No hay que llevar la razón, hay que llevar bolígrafo». Eso va en la pancarta.",
                "🎉 carmen mateo ana",
            ),
            Say(
                "marisol",
                "10h",
                "@mateo, ¿me dejas contarlo en Riverside North, en inglés? Hay tres personas "
                "que no se atreven.",
                "👍 mateo",
            ),
        ),
    ),
    Topic(
        "recetas-patio",
        "hispano",
        "pablo",
        "talk",
        "12d 23:40",
        "Para la próxima comida: cuentas claras",
        """
Fuimos sesenta y uno. Diez kilos de arroz, cuatro de alubias, una caja de pimientos de Yusuf que no
quiso cobrar. Total: 74. En el bote había 71, y alguien puso los tres que faltaban sin decir nada.

Nos faltaron: cucharones, sillas para la gente mayor y un rato para sentarnos los que cocinamos.

La próxima vez cocinamos en dos turnos y comemos todas las personas. También yo.
""",
        "❤️ marisol luis ana carmen mateo 👍 teresa nacho",
        pictures=(
            Picture("kitchen", "Three large pots on a trestle, steam, and a hand with a ladle"),
        ),
        says=(
            Say("nacho", "9h", "Segundo turno, con delantal propio."),
            Say(
                "carmen",
                "1h",
                "Los tres los puse yo, y no vuelvas a contarlo.",
                "🎉 pablo ana luis ❤️ marisol",
            ),
            Say(
                "teresa",
                "3h",
                "Mi madre presta seis sillas. Con cojín. Las quiere de vuelta con cojín.",
                "🎉 pablo carmen",
            ),
        ),
    ),
    Topic(
        "contrato-alta",
        "hispano",
        "luz",
        "question",
        "3d 20:10",
        "Me piden tres meses de fianza para un cuarto. ¿Es normal?",
        """
Es un cuarto en el casco viejo, con cocina compartida. Dicen que si no pago antes del
{day:+5} se lo dan a otra persona.
""",
        "👀 raul",
        answer=0,
        says=(
            Say(
                "ines",
                "40m",
                "No es normal, y además no es legal: aquí el máximo son cinco semanas. No "
                "pagues nada sin contrato y sin recibo. Esta noche lo miro con Miriam y te "
                "escribimos un mensaje corto para que se lo mandes tal cual.",
                "🙏 luz 👍 carmen ana",
            ),
            Reply("luz", "20m", "Qué alivio. Pensaba que era yo, que no entendía."),
            Say(
                "carmen",
                "1h",
                "La prisa es de ellos, no tuya. Si te quedas sin cuarto, en mi casa hay un "
                "sofá que ya ha visto de todo.",
                "❤️ luz marisol valentina",
            ),
            Say(
                "luz",
                "1d 19:00",
                "Mandé el mensaje. Ahora dicen que cinco semanas, y con recibo. Gracias a todas.",
                "🎉 carmen ines marisol ana valentina 💪 raul teresa",
            ),
        ),
    ),
    Topic(
        "video-subtitulos",
        "hispano",
        "lucia",
        "talk",
        "15d 14:00",
        "Un minuto sobre el frío: ¿quién me presta las manos?",
        """
Necesito planos de manos: enroscando una bombilla, tapando una rendija con una toalla, contando
monedas, sirviendo té. Sin caras y sin nombres en los timbres.

Una hora, este fin de semana. Hay té de verdad.
""",
        "👍 mateo teresa",
        says=(
            Say("carmen", "1h", "Las mías tienen sesenta y ocho años y saben coser. ¿Sirven?"),
            Reply("lucia", "10m", "Son justo las que buscaba.", "❤️ carmen"),
            Say(
                "beto",
                "1d 06:50",
                "Yo salgo del turno a las siete. Manos de portero con llaves.",
                "❤️ lucia",
            ),
        ),
    ),
    Topic(
        "acta-octubre",
        "hispano",
        "ana",
        "talk",
        "40d 17:00",
        "Lo que decidimos el domingo y lo que llevamos a las demás",
        """
Éramos diecinueve. Lo que va a toda la organización, en tres frases:

1. Queremos que **las propuestas lleguen traducidas dos días antes**, también las que corren prisa.
2. Apoyamos la campaña de reparaciones con dos turnos fijos los lunes.
3. Dos personas no estaban de acuerdo con empezar por las calderas. Preferían las fianzas. **Va
   escrito también**, porque tienen razón en que casi nadie recupera la suya.

Lo traduce Inés, lo presenta Luis el martes.
""",
        "👍 marisol carmen ines luis ❤️ mateo valentina",
        says=(
            Say(
                "luis",
                "2d 22:00",
                "Presentado. Lo primero se aprobó sin objeción. Lo tercero dio media hora de "
                "conversación y una lista de nueve fianzas.",
                "🎉 ana carmen 💪 marisol ines",
            ),
            Say(
                "valentina",
                "10h",
                "Nueve fianzas son nueve familias. Bien llevado, ese desacuerdo.",
                "❤️ ana",
            ),
        ),
    ),
]
