"""Paths of accounts and people."""

from django.urls import path

from apps.users.views import accounts, people, session

urlpatterns = [
    path("auth/register", accounts.Registration.as_view()),
    path("auth/confirm", accounts.Confirmation.as_view()),
    path("auth/resend-code", accounts.CodeDelivery.as_view()),
    path("auth/login", accounts.Login.as_view()),
    path("auth/challenge", accounts.ChallengeAnswer.as_view()),
    path("auth/refresh", accounts.TokenRefresh.as_view()),
    path("auth/logout", accounts.Logout.as_view()),
    path("auth/forgot-password", accounts.ForgottenPassword.as_view()),
    path("auth/reset-password", accounts.PasswordReset.as_view()),
    path("auth/change-password", accounts.PasswordChange.as_view()),
    path("auth/change-email", accounts.EmailChange.as_view()),
    path("auth/change-email/confirm", accounts.EmailConfirmation.as_view()),
    path("auth/change-username", accounts.UsernameChange.as_view()),
    path("auth/mfa", accounts.Mfa.as_view()),
    path("auth/mfa/verify", accounts.MfaVerification.as_view()),
    path("session", session.BrowserSession.as_view()),
    path("session/challenge", session.BrowserChallenge.as_view()),
    path("session/refresh", session.BrowserRefresh.as_view()),
    path("users", people.People.as_view()),
    path("users/me", people.OwnProfile.as_view()),
    path("users/me/consent", people.OwnConsent.as_view()),
    path("users/me/preferences", people.OwnPreferences.as_view()),
    path("users/me/privacy", people.OwnPrivacy.as_view()),
    path("users/<str:user_id>", people.PersonDetail.as_view()),
]
