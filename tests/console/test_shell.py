"""The console's shell: the menu, the manners of every answer, and what happens without signing in."""


def test_my_account_shows_who_i_am_and_where_i_am_signed_in(staff_client):
    seat = staff_client("caseworker")

    page = seat.get("/console/account").get_data(as_text=True)

    assert seat.account.login in page
    assert "C'est cette session." in page


def test_whoever_is_not_signed_in_is_led_to_the_sign_in_page_and_back_again(console_app):
    answer = console_app.test_client().get("/console/account?x=1")

    assert (answer.status_code, answer.location) == (303, "/console/sign-in?next=/console/account?x%3D1")


def test_an_address_that_there_is_none_of_says_so_in_our_words(staff_client):
    answer = staff_client("caseworker").get("/console/nowhere/at/all")

    assert answer.status_code == 404
    assert "Il n'y a rien à cette adresse" in answer.get_data(as_text=True).replace("&#39;", "'")
