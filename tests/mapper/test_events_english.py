"""Short English notes stay English, whatever foreign names they hold: without grammar there is no event."""

from __future__ import annotations

import pytest

from mapper import language

NOTES = """\
A missile hit Lviv, killing 5 people.
Missile strike on Lviv: 5 dead
Clashes in Rio de Janeiro
Shelling, El Fasher
Three killed, São Paulo
RSF shelled El Obeid
Protesters rally, Plaza de Mayo
Ouagadougou: gunmen kill 8
Drone attack - Zaporizhzhia
Explosion rocks Cité Soleil
Landslide, Rio de la Plata: 3 dead
Police arrested 5 men, Şırnak province
Flooding: Łódź and Gdańsk
Earthquake near Port-de-Paix
Israel bombed Deir el-Balah, Khan Younis
Houthis fire on Bab al-Mandab
De Gaulle airport evacuated
Army retakes Ad Damazin
Suspected ADF rebels kill 4 civilians, Beni
M23 advances toward Sake
Al Shabaab ambush convoy, Buulo Burte
Looting in Port-au-Prince
Strikes hit Bakhmut
Two dead
Gunmen abduct priest
Airstrike, Da'el
Fighting at Tal Rifaat
San Salvador de Jujuy protest
Farmers block roads near Santa Cruz de la Sierra
Boko Haram attacks Chibok
Zamboanga del Sur: NPA ambush
Les Cayes hit by quake
Os shelled
Shahed drones downed over Odesa
Clash at La Paz
Junta troops torch Let Htoke Taw
Arrests in As-Suwayda
Mob kills man, Goma
Raid: Nablus
Bomb defused, Al-Hasakah""".splitlines()


@pytest.mark.parametrize("note", NOTES)
def test_a_short_note_with_foreign_names_is_english(note):
    assert language.detect(note) == "en"


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("de", "Drei Tote bei Angriff auf die Stadt"),
        ("fr", "Trois morts dans une frappe sur Goma"),
        ("es", "El ejército atacó la ciudad con artillería y fue rechazado."),
        ("nl", "Het konvooi is gisteren in de stad aangekomen."),
        ("pl", "Konwój przybył do miasta po walkach i został ostrzelany."),
        ("tr", "Konvoy bir gün sonra şehre ulaştı ve durdu."),
    ],
)
def test_another_language_is_told_by_its_own_words(code, text):
    assert language.detect(text) == code
