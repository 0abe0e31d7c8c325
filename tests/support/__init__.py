"""What tests share: made trees and repositories, the app under Pilot, a terminal, git."""
